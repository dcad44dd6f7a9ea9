import { S3Error } from './errors.ts';

/** What a response document is made of; `null` and `undefined` leave the element out. */
export type XmlContent = string | number | boolean | XmlNode | XmlNode[] | null | undefined;
export interface XmlNode {
  name: string;
  content: XmlContent;
}

export const element = (name: string, content: XmlContent): XmlNode => ({ name, content });

export function xmlDocument(name: string, content: XmlContent): string {
  const namespace = name === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${namespace}>${render(content)}</${name}>`;
}

/** One element of a request document. */
export interface ReadElement {
  name: string;
  text: string;
  children: ReadElement[];
}

/**
 * Reads the small documents that S3 takes. Attributes and comments are passed over; document types are refused,
 * and with them every entity that is not predefined or numeric.
 */
export function readXml(text: string): ReadElement {
  const root: ReadElement = { name: '', text: '', children: [] };
  const open = [root];
  let position = 0;
  for (const match of text.matchAll(markup)) {
    const current = open.at(-1) ?? malformed();
    current.text += unescaped(text.slice(position, match.index));
    position = match.index + match[0].length;
    if (match.groups?.cdata !== undefined) current.text += match.groups.cdata;
    if (match.groups?.start !== undefined) {
      const child = { name: localName(match.groups.start), text: '', children: [] };
      current.children.push(child);
      if (!match.groups.empty) open.push(child);
    }
    if (match.groups?.end !== undefined) {
      if (open.length < 2 || current.name !== localName(match.groups.end)) malformed();
      open.pop();
    }
  }
  const [only] = root.children;
  const outside = root.text + text.slice(position);
  if (open.length !== 1 || root.children.length !== 1 || !only || outside.replace('\ufeff', '').trim())
    malformed();
  return only as ReadElement;
}

export const childrenNamed = (parent: ReadElement, name: string): ReadElement[] =>
  parent.children.filter((child) => child.name === name);

export const childText = (parent: ReadElement, name: string): string | undefined =>
  parent.children.find((child) => child.name === name)?.text;

export function malformed(message?: string): never {
  throw new S3Error('MalformedXML', {}, message);
}

const markup =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\/(?<end>[\w:.-]+)\s*>|<(?<start>[\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/?)>/g;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const predefined: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (text.includes('<')) malformed();
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,4}));|&/gi, (_, hex, decimal, name) => {
    if (name !== undefined) return predefined[name] ?? malformed();
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : malformed();
  });
}

function render(content: XmlContent): string {
  if (content === null || content === undefined) return '';
  if (Array.isArray(content)) return content.map(render).join('');
  if (typeof content !== 'object') return escapeXml(String(content));
  if (content.content === null || content.content === undefined) return '';
  return `<${content.name}>${render(content.content)}</${content.name}>`;
}

/** Control characters go out as references, as from S3 itself: a carriage return in a key survives no other way. */
const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  text.replace(/[<>&"\u0000-\u0008\u000a-\u001f\ufffe\uffff]/g, (found) => `&#${found.charCodeAt(0)};`);
