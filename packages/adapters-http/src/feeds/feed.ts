/** What a feed tells, in whatever format. */
export interface Feed {
  readonly title: string;
  /** A URI that never changes. */
  readonly id: string;
  /** Where the page is that the feed is of: an absolute URL, or a path when nobody said what host this is. */
  readonly page: string;
  /** Where the feed itself is, in the same way. */
  readonly self: string;
  /** The latest first. */
  readonly entries: readonly FeedEntry[];
  /** When something last changed; of a feed without entries, the beginning of 1970. */
  readonly updatedAt: Date;
}

/** A status, or a plan. */
export interface FeedEntry {
  /** A URI that never changes, and that no other entry has. */
  readonly id: string;
  readonly login: string;
  /** The full name, where it is known. */
  readonly author: string | undefined;
  /** One line. */
  readonly title: string;
  /** The whole text. */
  readonly text: string;
  readonly at: Date;
  /** Where the page of the user is: as the `page` of the feed. */
  readonly page: string;
}
