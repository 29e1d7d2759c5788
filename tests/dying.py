"""A run that is killed at its n-th touch of the workspace's files: `python -m tests.dying N WORKSPACE`.

With N 0 nothing is killed, and the number of touches stands on standard output.
"""

import os
import signal
import sys

TOUCHES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "tempfile.mkstemp", "sqlite3.connect"}


def main() -> None:
    fatal, workspace = int(sys.argv[1]), sys.argv[2]
    touches = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal touches
        if event in TOUCHES and workspace in str(arguments[0]):
            touches += 1
            if touches == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    from click.testing import CliRunner

    from pipeline.cli import main as command

    result = CliRunner().invoke(command, ["run", "--workspace", workspace, "--jobs", "2"])
    assert result.exit_code == 0, result.output
    print(touches)


if __name__ == "__main__":
    main()
