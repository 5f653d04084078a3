"""recoverycore in a web application: an example to copy from. It begins at `app.create_app`."""
