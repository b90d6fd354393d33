"""Notes are read with the customer's eyes too: they may ask for what is written about them."""

from django.contrib import messages
from django.http import HttpRequest

from aldia.rules.respect.reader import note_findings
from aldia.ui.other_language import said


def warn_about(request: HttpRequest, note: str) -> None:
    """Say what the customer would not like to read; the note is kept all the same."""
    for each in note_findings(note):
        messages.warning(request, f"{said(each.sentence)} ({said(each.source)})")
