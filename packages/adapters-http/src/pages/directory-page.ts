import type { FingerUser } from "finger-protocol";
import { showAlternates } from "./alternates.js";
import { type Html, html } from "./html.js";
import type { DirectoryView, ListedPerson, Page } from "./pages.js";
import { showTime } from "./time.js";

/** The list of users, each with what they say. */
export function showDirectory({ title, people, alternates }: DirectoryView): Page {
  const main = html`<header><h1 dir="auto">${title}</h1></header>
${people.length === 0 ? html`<p class="none">Nobody is listed here.</p>` : html`<ul class="people">${people.map(showPerson)}</ul>`}
${showAlternates(alternates)}`;
  return { title, main };
}

function showPerson({ user, href }: ListedPerson): Html {
  const { login, status = "" } = user;
  const name = user.name?.trim() || login;
  const line = toLine(status);
  return html`
<li><a href="${href}"><b dir="auto">${name}</b>${name !== login && html` <span class="login">${login}</span>`}</a>
${showSince(user, line !== "")}
${line && html`<p dir="auto">${line}</p>`}</li>`;
}

/** Who says nothing may be logged in: that is what a list of finger tells first. */
function showSince({ statusAt, sessions = [] }: FingerUser, says: boolean): Html | undefined {
  const since = showTime(says ? statusAt : sessions[0]?.since);
  return since && html`<p class="since">${!says && "logged in "}since ${since}</p>`;
}

/** A list has a line for each: the rest is on the page of the user. */
function toLine(status: string): string {
  const [line = ""] = status.trim().split(/[\r\n]/, 1);
  const chars = Array.from(line.slice(0, 2 * MOST + 2));
  return chars.length > MOST ? `${chars.slice(0, MOST).join("")}…` : line;
}

const MOST = 200;
