"""A guideline as JSON rows and as a tree for the screen."""

from typing import Any

from pipeline.model import Guideline


def as_json(guideline: Guideline) -> dict[str, Any]:
    """guideline.json as the contract has it (requirements carry their subject besides)."""
    return {
        "title": guideline.title,
        "indicators": [
            {
                "code": i.code,
                "level": i.level,
                "parent": i.parent,
                "text": i.text,
                "full": i.full,
                "requirements": [
                    {
                        "id": r.id,
                        "kind": r.kind,
                        "period": r.period,
                        "minimum": r.minimum,
                        "unit": r.unit,
                        "text": r.text,
                        "subject": r.subject,
                    }
                    for r in i.requirements
                ],
            }
            for i in guideline.indicators
        ],
        "findings": [{"place": f.place, "message": f.message + f.suggestion} for f in guideline.findings],
    }
