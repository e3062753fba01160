/**
 * Why a request is not answered as it was meant: thrown anywhere on the way, and told to the peer (RFC 9457). It says nothing
 * that is not for the peer.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** Headers that go with the answer; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail - A sentence for people. */
  constructor(status: keyof typeof TITLES, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }

  /** The name of the status. */
  get title(): string {
    return TITLES[this.status as keyof typeof TITLES];
  }
}

/** The statuses that are used, by their names in RFC 9110 15 and RFC 6585 4. */
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
} as const;
