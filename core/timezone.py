"""The one time zone of the site, as plain Python: every opening time, event and deadline is London's wall clock."""

from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
