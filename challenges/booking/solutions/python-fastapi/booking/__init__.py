"""Booking: seats on a ferry, reserved, paid and cancelled."""
