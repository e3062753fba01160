import type { FingerUser } from "finger-protocol";
import type {
  Alternate,
  DirectoryView,
  GatewayView,
  PersonView,
  ProblemView,
} from "../../packages/adapters-http/src/pages/pages.js";

/** When all of the views are seen. */
export const NOW: Date = new Date("2026-11-26T05:04:00Z");

const ALTERNATES: readonly Alternate[] = [
  { type: "application/atom+xml", href: "/alice/feed.atom", title: "Atom" },
  { type: "application/feed+json", href: "/alice/feed.json", title: "JSON Feed" },
  { type: "application/json", href: "/alice.json", title: "JSON" },
  { type: "text/plain", href: "/alice.txt", title: "Text" },
];

/** A user of whom everything is known. */
export const ALICE: FingerUser = {
  login: "alice",
  name: "Alice Liddell",
  status: "Painting the roses red, and late for tea",
  statusAt: new Date("2026-11-26T03:12:00Z"),
  office: "Rabbit Hole 42",
  officePhone: "555-0142",
  homePhone: "555-0199",
  directory: "/home/alice",
  shell: "/bin/zsh",
  sessions: [
    { since: new Date("2026-11-25T21:30:00Z"), tty: "pts/0", host: "croquet.example", idle: 245 },
    { since: new Date("2026-11-26T04:50:00Z"), tty: "pts/3", idle: 12, messages: false },
  ],
  mail: { receivedAt: new Date("2026-11-26T02:00:00Z"), readAt: new Date("2026-11-25T18:20:00Z") },
  mailForward: "alice@lookingglass.example",
  project: "A grammar of nonsense verse: https://verse.example/jabberwocky (draft).",
  plan: `MONDAY     croquet with the Queen        ### ground behind the palace
TUESDAY    tea, 16:00 sharp              (bring your own cup)
WEDNESDAY  write up notes on the Caterpillar's three questions:
             1. Who are you?
             2. What size do you want to be?
             3. Are you content now?

     /\\_/\\
    ( o.o )   grin without a cat: gemini://cheshire.example/grin
     > ^ <

Otherwise see http://alice.example/~alice/plan.html or mailto:alice@alice.example.
`,
  pgpKey: `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${"mQENBFu1bX0BCADJ8kqOaVq5b3Z2v1rYw8tKp2dQm4cXh6nTg7sLf9eWz0uBiRyA\n".repeat(8)}=Vq5b\n-----END PGP PUBLIC KEY BLOCK-----\n`,
};

/** A year in which days differ, the same each time. */
export const CHANGES: readonly Date[] = Array.from({ length: 371 }, (_, day) =>
  Array.from({ length: (day * day * 7 + day * 3) % 11 }, (_, index) => index)
    .filter((index) => index < (day % 13) - 4)
    .map((hour) => new Date(NOW.getTime() - day * 86_400_000 - hour * 60_000)),
).flat();

export const PERSON: PersonView = {
  user: ALICE,
  href: "/alice",
  directory: "/",
  alternates: ALTERNATES,
  changes: CHANGES,
  now: NOW,
  form: { action: "/alice", status: ALICE.status ?? "", problem: undefined },
};

const NAMES = ["Ada Lovelace", "Grace Hopper", "עדה לאבלייס", "김철수", "Ольга Ладыженская", "Alan Turing", undefined];
const STATUSES = ["Compiling", "At lunch, back at 14:00 — ask Grace if the build is red", "", "Reading RFC 1288 again"];

export const DIRECTORY: DirectoryView = {
  title: "Users of plan.example",
  alternates: ALTERNATES,
  people: Array.from({ length: 20 }, (_, index) => ({
    user: {
      login: `user${index}`,
      name: NAMES[index % NAMES.length],
      status: STATUSES[index % STATUSES.length],
      statusAt: new Date(NOW.getTime() - index * 5_000_000),
    },
    href: `/user${index}`,
  })),
};

export const GATEWAY: GatewayView = {
  target: "bob@plan.example",
  text: "Login: bob           \t\t\tName: Bob\nDirectory: /home/bob                \tShell: /bin/sh\nPlan:\nSee http://bob.example/\n",
};

export const PROBLEM: ProblemView = {
  status: 404,
  title: "Not Found",
  detail: "There is no user called zoe here.",
  directory: "/",
};
