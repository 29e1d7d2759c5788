#!/bin/bash
# Double-click on macOS; on Linux run it in a terminal. Folders may follow: the same as dropping them onto it.
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for python in python3.12 python3.13 python3.11 python3 python; do
  if "$python" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >/dev/null 2>&1; then
    exec "$python" "$here/launcher/start.py" "$@"
  fi
done
cat "$here/launcher/no-python.txt" >&2
exit 2
