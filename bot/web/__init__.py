"""The doors over HTTP: the web chat's page and its API, webhooks, health and metrics."""
