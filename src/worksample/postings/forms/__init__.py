"""The forms in which an ad and its plan are shown: terminal, HTML, Markdown, iCalendar."""
