/** What `--help` prints. */
export const HELP = `Usage: finger-server [--users FILE] [--store URL] [OPTION]...
       finger-server token issue|revoke LOGIN (--store URL | --tokens FILE)
       finger-server token list (--store URL | --tokens FILE)

Answers finger queries (RFC 1288) until it is interrupted.

Who can be asked for, one of them or both:
  --users FILE      a line "login: status" each; a .json or .yaml file of records;
                    or a folder with a file for each user. It is read again when
                    it changes
  --store URL       statuses that can be set: file:FOLDER, redis://HOST (with the
                    package ioredis), or memory:. With --users, of those alone.
                    Everybody can read arguments: an URL with a password belongs
                    into the environment, as FINGER_STORE

Where:
  --host ADDRESS    the address to be reached at; :: is all of them (default: 127.0.0.1)
  --port NUMBER     the port to listen on; 0 takes a free one (default: 79)
  --setter ADDRESS  sets statuses of the store at PORT, HOST:PORT, [IPV6]:PORT, or
                    the path of a Unix socket. From other machines, and for a login
                    that has one, it takes a token
  --tokens FILE     where the tokens are kept (default: in the store)
  --proxy-protocol NETWORK
                    a network of proxies, such as 10.0.0.0/8: they alone can connect
                    to the ports, and tell by the PROXY protocol for whom
  --workers NUMBER  processes that answer at the same ports (default: 1)

How much:
  --limit NAME=VALUE
                    a bound of the finger server, not of the setter, or "off" for
                    none, as often as you like:
                      query-bytes   longest query (default: 1024)
                      query-time    seconds for the query to arrive (10)
                      lookup-time   seconds for the answer to be found (10)
                      idle          seconds that a peer may pause (30)
                      answer-bytes  longest answer (1048576)
                      connections   open at a time (256)
                      per-peer      open at a time of one peer (8)
                      rate          queries a minute of one peer (30), of which
                                    a third may come at once

  -h, --help        show this help
  --version         show the version

The command "token" issues a token, which is shown once; issuing another, or revoking
it, ends the old one.

Examples:
  printf 'alice: Happy and well\\n' > users
  finger-server --users users --port 7979

  finger-server --store file:statuses --setter 1079 --port 7979
  printf 'alice\\nHappy and well\\n' | nc -N 127.0.0.1 1079
`;
