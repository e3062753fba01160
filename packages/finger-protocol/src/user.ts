/**
 * What is known of one user. Only the login is required: a field that is left out is not known, or not for the one
 * who asks, and is then not spoken of (RFC 1288 3.2.3).
 */
export interface FingerUser {
  /** The name that a query asks for. */
  readonly login: string;
  /** The full name, which RFC 1288 2.5.2 asks every answer to give. */
  readonly name?: string | undefined;
  /** What the user says right now: the message of the tutorial's `getUser`. */
  readonly status?: string | undefined;
  /** When the status was set. */
  readonly statusAt?: Date | undefined;
  readonly directory?: string | undefined;
  /** An empty one is `/bin/sh`, as in passwd(5). */
  readonly shell?: string | undefined;
  readonly office?: string | undefined;
  /** As written in the account; a number of 4, 5, 7, 10 or 11 digits is set with hyphens when it is shown. */
  readonly officePhone?: string | undefined;
  readonly homePhone?: string | undefined;
  /** What to say of the user instead of the name: `they/them`. */
  readonly pronouns?: string | undefined;
  /** The IANA name of where the user's clock is: `Europe/Berlin`. */
  readonly timeZone?: string | undefined;
  /** Where the user is logged in, in the order to show; an empty list when nowhere. */
  readonly sessions?: readonly FingerSession[] | undefined;
  /** The last login on record; `null` when there never was one. */
  readonly lastLogin?: FingerLogin | null | undefined;
  /** The mailbox; `null` when it is empty. */
  readonly mail?: FingerMail | null | undefined;
  /** What `~/.forward` says. */
  readonly mailForward?: string | undefined;
  readonly pgpKey?: string | undefined;
  readonly project?: string | undefined;
  readonly plan?: string | undefined;
  /** When the plan was last changed. */
  readonly planAt?: Date | undefined;
  /** What a reply said of the user that `parseReply` has no field for: whole lines, as they came. */
  readonly text?: string | undefined;
}

/** A login: when, on which terminal, and from which host when it came over the network. */
export interface FingerLogin {
  /** When it began. */
  readonly since?: Date | undefined;
  /** The terminal without `/dev/`: `pts/0`, `tty1`, `:0`. */
  readonly tty?: string | undefined;
  readonly host?: string | undefined;
}

/** A login that still lasts. */
export interface FingerSession extends FingerLogin {
  /** Seconds since the last key. */
  readonly idle?: number | undefined;
  /** `false` when the terminal refuses messages (mesg(1)). @default true */
  readonly messages?: boolean | undefined;
}

/** The times of a mailbox: of its last new mail and of its last reading. */
export interface FingerMail {
  readonly receivedAt?: Date | undefined;
  readonly readAt?: Date | undefined;
}
