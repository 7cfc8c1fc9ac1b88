"""What differs by operating system, one file each."""
