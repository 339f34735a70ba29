"""The interface that phones speak to: entries in, signed receipts and the schedule out. Rows only, no rules."""
