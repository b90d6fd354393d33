"""Ground floor: money, dates, errors, the clock and the seams tests hold on to. Imports nothing of Al Día."""
