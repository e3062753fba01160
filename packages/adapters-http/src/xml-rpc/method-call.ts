import { isBlank, parseXml, type XmlDocument, type XmlElement } from "./xml-document.js";

/** A call, read. */
export interface MethodCall {
  readonly method: string;
  readonly parameters: readonly Parameter[];
}

/** A value that was sent. Of what no method here takes, only the type is kept, once it was seen to be right. */
export interface Parameter {
  readonly type: string;
  /** What a scalar is written as; empty for others. */
  readonly text: string;
}

/**
 * Reads a call as http://xmlrpc.com/spec.md has it, strictly.
 *
 * @throws `SyntaxError` that says what is wrong, and where.
 */
export function parseMethodCall(body: string): MethodCall {
  const document = parseXml(body);
  const { root } = document;
  if (root.name !== "methodCall") throw document.wrong(`this is a ${root.name}, and no methodCall`, root);
  const [name, params, ...others] = childrenOf(root, ["methodName", "params"], document);
  if (name?.name !== "methodName" || (params !== undefined && params.name !== "params") || others.length > 0) {
    throw document.wrong("a methodCall has a methodName, and then its params", root);
  }
  const method = textOf(name, document);
  if (!/^[\w.:/]+$/.test(method)) throw document.wrong("this can be no name of a method", name);
  const given = params === undefined ? [] : childrenOf(params, ["param"], document);
  return { method, parameters: given.map((param) => readValue(onlyChild(param, "value", document), document)) };
}

function readValue(value: XmlElement, document: XmlDocument): Parameter {
  const [typed, ...others] = value.children;
  if (typed === undefined) return { type: "string", text: value.text };
  if (others.length > 0 || !isBlank(value.text)) throw document.wrong("a value has one type", value);
  if (typed.name === "array") return readArray(typed, document);
  if (typed.name === "struct") return readStruct(typed, document);
  const scalar = SCALARS.get(typed.name);
  if (scalar === undefined) throw document.wrong(`there is no type ${typed.name}`, typed);
  const text = textOf(typed, document);
  if (!scalar.test(text)) throw document.wrong(`this is no ${typed.name}`, typed);
  return { type: typed.name, text };
}

function readArray(array: XmlElement, document: XmlDocument): Parameter {
  const data = onlyChild(array, "data", document);
  for (const value of childrenOf(data, ["value"], document)) readValue(value, document);
  return { type: "array", text: "" };
}

function readStruct(struct: XmlElement, document: XmlDocument): Parameter {
  for (const member of childrenOf(struct, ["member"], document)) {
    const [name, value, ...others] = childrenOf(member, ["name", "value"], document);
    if (name?.name !== "name" || value?.name !== "value" || others.length > 0) {
      throw document.wrong("a member has a name, and then a value", member);
    }
    textOf(name, document);
    readValue(value, document);
  }
  return { type: "struct", text: "" };
}

function onlyChild(element: XmlElement, name: string, document: XmlDocument): XmlElement {
  const [child, ...others] = childrenOf(element, [name], document);
  if (child === undefined || others.length > 0) throw document.wrong(`a ${element.name} has one ${name}`, element);
  return child;
}

/** The elements in another that may have no others, and no text between them. */
function childrenOf(element: XmlElement, names: readonly string[], document: XmlDocument): readonly XmlElement[] {
  if (!isBlank(element.text)) throw document.wrong(`there is text in the ${element.name}`, element);
  const stranger = element.children.find(({ name }) => !names.includes(name));
  if (stranger === undefined) return element.children;
  throw document.wrong(`a ${element.name} has no ${stranger.name}`, stranger);
}

function textOf(element: XmlElement, document: XmlDocument): string {
  const [stranger] = element.children;
  if (stranger === undefined) return element.text;
  throw document.wrong(`there is an element in the ${element.name}`, stranger);
}

/** The types that are written as text, and how. Python writes powers of ten, which the specification does not have. */
const SCALARS: ReadonlyMap<string, RegExp> = new Map([
  ["string", /^/],
  ["int", /^[+-]?\d{1,10}$/],
  ["i4", /^[+-]?\d{1,10}$/],
  ["boolean", /^[01]$/],
  ["double", /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i],
  ["dateTime.iso8601", /^\d{4}-?\d\d-?\d\dT\d\d:\d\d:\d\dZ?$/],
  ["base64", /^[A-Za-z\d+/=\s]*$/],
  ["nil", /^$/],
]);
