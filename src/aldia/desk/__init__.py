"""Door: the web desk, a room per topic, behind a log-in. Every view says who may open it (`access`)."""
