"""What was done to an alignment and why something was not, in the language of the request."""

from __future__ import annotations

from glossary.alignment import AlignmentEdit
from glossary.desk import Desk, Step
from web.deskform import bead_label, place_after, place_before
from web.i18n import translate as _
from web.i18n import translate_count


def told(edit: AlignmentEdit, place: str = "") -> str:
    """What an edit was, and where: `Merged: 8–9 ↔ 7`."""
    if edit.more:
        n = len(edit.more) + 1
        several = {
            "check": translate_count("{n} bead checked", "{n} beads checked", n),
            "unlink": translate_count("{n} bead unlinked", "{n} beads unlinked", n),
            "none": translate_count("{n} bead without translation", "{n} beads without translation", n),
        }
        return several[edit.op]
    known = {
        "merge": _("Merged"),
        "split": _("Split"),
        "up": _("Moved up"),
        "down": _("Moved down"),
        "unlink": _("Unlinked"),
        "none": _("No translation"),
        "check": _("Checked"),
        "break": _("Sentence cut in two"),
        "join": _("Sentences joined"),
    }
    what = known.get(edit.op, edit.op)
    return _("{what}: {form}", what=what, form=place) if place else what


def told_step(step: Step) -> str:
    """What a change was, with the bead it left."""
    return told(step.edit, bead_label(step.after.beads[place_after(step.edit, step.before, step.after)]))


def told_undone(edit: AlignmentEdit, desk: Desk) -> tuple[str, int]:
    """What was taken back, and the number of the bead to look at."""
    bitext = desk.extraction.bitext
    number = place_before(edit, bitext)
    return _("Undone: {what}", what=told(edit, bead_label(bitext.beads[number]))), number


def refusal(code: str) -> str:
    """Why something cannot be done, and what to do."""
    known = {
        "nothing": _("Select a bead or a sentence first."),
        "one bead": _("Select one bead only."),
        "gap": _("Only beads that stand next to each other can become one."),
        "first": _("There is no bead before this one."),
        "last": _("There is no bead after this one."),
        "one sentence": _("Select one sentence first, by its number."),
        "which": _("Select the sentence that begins the second part, by its number."),
        "single": _("There is nothing to split: one sentence a side. Unlink the bead, or cut a sentence in two."),
        "top": _("Only the first sentence of a bead can move up."),
        "bottom": _("Only the last sentence of a bead can move down."),
        "partner": _("Select what belongs together: beads, or a sentence on each side."),
        "linked": _("This bead links nothing."),
        "last sentence": _("There is no sentence after this one."),
        "undo": _("There is nothing to undo."),
        "redo": _("There is nothing to redo."),
    }
    return known.get(code, _("This cannot be done here: a part would be empty, or the text has something between."))
