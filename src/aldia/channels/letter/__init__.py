"""Letters leave into the print tray, where a person takes them from."""

from aldia.channels.letter.transport import TrayTransport

__all__ = ["TrayTransport"]
