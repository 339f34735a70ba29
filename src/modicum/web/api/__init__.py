"""The interface that phones speak to."""
