"""What a test through the program has checked, counted."""

passed = failed = 0


def check(holds, what, seen=""):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds:
        print(f"MISS {what}: {seen}")


def verdict():
    """The exit code of the test, which has checked something."""
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
