import type { FingerUser } from "finger-protocol";
import type { Html } from "./html.js";

/** What a page says; the layout makes a document of it. */
export interface Page {
  /** Of the window, and of what a screen reader says first. */
  readonly title: string;
  readonly main: Html;
}

/** The templates. Each is a function, and what it returns can come from `html` alone, so that nothing is left unescaped. */
export interface Pages {
  /** The style sheet of all pages. */
  readonly style: string;
  readonly directory: (view: DirectoryView) => Page;
  readonly person: (view: PersonView) => Page;
  /** What another server answered. */
  readonly gateway: (view: GatewayView) => Page;
  readonly problem: (view: ProblemView) => Page;
  readonly layout: (view: LayoutView) => Html;
}

/** The list of users. */
export interface DirectoryView {
  readonly title: string;
  readonly people: readonly ListedPerson[];
  /** The same as Atom, JSON Feed, JSON and text. */
  readonly alternates: readonly Alternate[];
}

/** A user in a list. */
export interface ListedPerson {
  readonly user: FingerUser;
  /** Where the page of the user is: a path. */
  readonly href: string;
}

/** The same in another form. */
export interface Alternate {
  readonly type: string;
  readonly href: string;
  /** For people: `Atom`, `JSON`. */
  readonly title: string;
}

/** One user. */
export interface PersonView {
  /** What is known; a provider that answers with a text alone has it in `text`. */
  readonly user: FingerUser;
  /** Where this page is: a path. */
  readonly href: string;
  /** Where the list of users is: a path; `undefined` when there is none. */
  readonly directory: string | undefined;
  readonly alternates: readonly Alternate[];
  /** When the status was changed, as far back as it is kept; `undefined` when nobody keeps it. */
  readonly changes: readonly Date[] | undefined;
  readonly now: Date;
  /** With which the user can set a status; `undefined` when nobody can. */
  readonly form: StatusForm | undefined;
}

/** The form of a status, to be sent with POST. */
export interface StatusForm {
  /** A path. */
  readonly action: string;
  /** What is written in the field. */
  readonly status: string;
  /** Why the last attempt failed: a sentence. */
  readonly problem: string | undefined;
}

/** What another server answered. */
export interface GatewayView {
  /** Whom it was asked for: `alice@plan.example`; `@plan.example` for its list. */
  readonly target: string;
  /** Its answer, with lines that end in LF. */
  readonly text: string;
}

/** Why there is no answer. */
export interface ProblemView {
  readonly status: number;
  /** `Not Found` */
  readonly title: string;
  /** A sentence for people. */
  readonly detail: string;
  /** Where the list of users is: a path; `undefined` when there is none. */
  readonly directory: string | undefined;
}

/** A page and what its document needs. */
export interface LayoutView extends Page {
  /** The `<style>` of all pages. The policy allows no other. */
  readonly style: Html;
  /**
   * The `<script>` that keeps the page up to date, for the end of the body. It replaces what is in `<main data-events="…">`, and
   * says so in an element with `role="status"`. The policy allows no other.
   */
  readonly script: Html;
  /** Where changes of what is shown are told: a path; `undefined` when they are not. */
  readonly events: string | undefined;
  readonly alternates: readonly Alternate[];
}
