"""Twisted's own finger protocol, with two users, on a port that is printed."""

from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.protocols.finger import Finger

USERS = {b"moshez": b"Happy and well", b"shawn": b"alive"}


class Users(Finger):
    def getUser(self, slash_w, user):
        status = USERS.get(user)
        if status is None:
            return Finger.getUser(self, slash_w, user)
        self._refuseMessage(status + (b" (verbose)" if slash_w else b""))


factory = ServerFactory()
factory.protocol = Users
print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
