"""The client of the tutorial's finger proxy: sends each query of the command line to a port, and prints the answers."""

import sys

from twisted.internet import defer, protocol, reactor


class Query(protocol.Protocol):
    def __init__(self, query, done):
        self.query, self.done, self.data = query, done, b""

    def connectionMade(self):
        self.transport.write(self.query + b"\r\n")

    def dataReceived(self, data):
        self.data += data

    def connectionLost(self, reason):
        self.done.callback(self.data)


@defer.inlineCallbacks
def main(port, queries):
    for query in queries:
        done = defer.Deferred()
        creator = protocol.ClientCreator(reactor, Query, query.encode(), done)
        yield creator.connectTCP("127.0.0.1", port)
        answer = yield done
        sys.stdout.buffer.write(answer)
    reactor.stop()


reactor.callWhenRunning(main, int(sys.argv[1]), sys.argv[2:])
reactor.run()
