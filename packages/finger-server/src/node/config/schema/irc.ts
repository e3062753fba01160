import * as z from "zod/mini";
import type { IrcDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, needed, record } from "./record.js";
import { flag, ircChannel, ircUrl, limit, list, ownHost, text, timeLimit } from "./values.js";

const IRC_LIMITS = record("a record of limits", {
  lines: key("Lines of one answer. Default: 6.", limit()),
  perAsker: key(
    "Questions a minute of one asker, by user and host, a third of them in one burst. Default: 30.",
    limit(),
  ),
  perChannel: key("Questions a minute in one channel, a third of them in one burst. Default: 60.", limit()),
  lookupTime: key("Time for the answer to be found, in milliseconds. Default: that of limits.", timeLimit()),
  waiting: key("Questions that wait to be answered. Default: 100.", limit()),
});

const CHANNELS = () => list("a list of channels", ircChannel());

export const IRC: z.ZodMiniType<IrcDescription> = exactly(
  record("a record with url", {
    url: needed("Server, nick and channels: ircs://nick@host/#channel,#other.", ircUrl()),
    channels: key("Channels to join, with their keys behind a blank. Default: those of the URL.", CHANNELS()),
    rejoin: key("Whether it goes back to a channel that it was kicked from, after a minute. Default: false.", flag()),
    account: key(
      "How it proves whose nick it is. Default: nothing is proved.",
      record("a record of name, passwordFile and certificate", {
        name: key("The account at the services of the network. Default: the nick.", text("a name")),
        passwordFile: key("The path of a file whose first line is the password.", text("the path of a file")),
        certificate: key(
          "The files of a certificate, in PEM, for SASL EXTERNAL.",
          record("a record of key and cert", {
            key: needed("The path of the private key.", text("the path of a file")),
            cert: needed("The path of the certificate.", text("the path of a file")),
          }),
        ),
      }),
    ),
    gateway: key(
      "Whether alice@host is answered by asking other servers: those of forward, or else those whose addresses are all public. Default: false.",
      flag(),
    ),
    announce: key(
      "Channels that are told who has a new status. Default: none.",
      record("a record of channels and logins", {
        channels: needed("The channels, which it joins, too.", CHANNELS()),
        logins: key("Whose. Default: everybody's.", list("a list of logins", text("a login"))),
      }),
    ),
    setters: key(
      "Accounts of the network, each with the login whose status it may set by !status. Default: none.",
      z.record(z.string(), text("a login"), "it must be a record of accounts, each with a login"),
    ),
    host: key("Where more can be read than fits: the host of finger://host/alice. Default: it is not said.", ownHost()),
    limits: key("Bounds on what is said, and for whom; false takes one away.", IRC_LIMITS),
  }),
);
