"""Where hostile bytes are developed: parsers in locked-in processes that belong to the session."""
