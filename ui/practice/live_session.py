"""The one session that may be alive: begun off the window's thread, and never once the lesson has closed.

Between the moment when a session begins and the one when the window's thread hears of it, the window may close: it must
find the session here, to stop it and to wait for its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from tutor.session import Session
from ui.rooms import SessionWish


class LiveSession:
    """Begins sessions, one after the other, until it is to `end`; any thread may call it."""

    def __init__(self) -> None:
        self._closing = threading.Lock()
        self._closed = False
        self._session: Session | None = None

    def begin(self, make: Callable[[SessionWish], Session], wish: SessionWish) -> Session:
        """A session that was made and begun, which may take long; only made where the lesson has closed meanwhile."""
        session = make(wish)
        with self._closing:
            if not self._closed:
                self._session = session
                session.start()
        return session

    def forget(self) -> None:
        """Take note that the session has ended by itself."""
        self._session = None

    def end(self) -> Session | None:
        """Stop the session that is alive and let none begin any more; the one to wait for."""
        with self._closing:
            self._closed, session = True, self._session
        if session is not None:
            session.stop()
        return session
