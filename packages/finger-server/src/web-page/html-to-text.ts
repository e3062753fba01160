import { FingerError } from "finger-protocol";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5";
import { LineWriter } from "./line-writer.js";

/**
 * The text of a page, as lines: what a reader would see of it without pictures and style. Blocks and `<br>` end a line,
 * paragraphs have a blank line between them and cells a blank; white space is folded but in `<pre>`; links are their text.
 * Head, scripts, styles, and what is embedded or hidden are left out.
 *
 * It works without recursion, however deep the elements lie in each other. A page may have {@link MOST_ELEMENTS}, for the
 * parser opens what was closed too early again, and so can make many out of a few.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` when there are more.
 */
export function htmlToText(html: string): string {
  const writer = new LineWriter();
  const document = parse(html, { treeAdapter: createAdapter(), scriptingEnabled: false });
  const steps: Step[] = [{ node: document, isDone: false }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { node, isDone } = step;
    if (isDone) leave(node.nodeName, writer);
    else if (isText(node)) writer.text(node.value);
    else if ("childNodes" in node && !isHidden(node)) {
      enter(node.nodeName, writer);
      steps.push({ node, isDone: true });
      for (const child of node.childNodes.toReversed()) steps.push({ node: child, isDone: false });
    }
  }
  return writer.end();
}

type Node = DefaultTreeAdapterTypes.Node;

/** A node to be entered, or one to be left. */
interface Step {
  readonly node: Node;
  readonly isDone: boolean;
}

function enter(name: string, writer: LineWriter): void {
  if (name === "br") writer.lineBreak();
  else if (PARAGRAPHS.has(name)) writer.blankLine();
  else if (BLOCKS.has(name)) writer.line();
  if (name === "pre") writer.keepSpace(true);
}

function leave(name: string, writer: LineWriter): void {
  if (name === "pre") writer.keepSpace(false);
  if (name === "td" || name === "th") writer.text(" ");
  else if (PARAGRAPHS.has(name)) writer.blankLine();
  else if (BLOCKS.has(name)) writer.line();
}

function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === "#text";
}

function isHidden(node: Node): boolean {
  return HIDDEN.has(node.nodeName) || ("attrs" in node && node.attrs.some(({ name }) => name === "hidden"));
}

function createAdapter(): typeof defaultTreeAdapter {
  let elements = 0;
  return {
    ...defaultTreeAdapter,
    createElement: (...element) => {
      elements++;
      if (elements > MOST_ELEMENTS) throw tooMany();
      return defaultTreeAdapter.createElement(...element);
    },
  };
}

function tooMany(): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", `The page has more than ${MOST_ELEMENTS} elements.`);
}

/** How many elements a page may have. */
const MOST_ELEMENTS = 100_000;

const toSet = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const PARAGRAPHS = toSet("blockquote dl fieldset figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul");
const BLOCKS = toSet(
  "address article aside body caption dd details div dt figcaption footer form header legend li main nav section summary tr",
);
const HIDDEN = toSet("audio canvas head iframe noembed noframes object script style svg template video");
