/** Elements as data, from which patch.ts makes a document. */

/** An element. Its text and attribute values are data: nothing in them is read as markup. */
export interface VNode {
  readonly tag: string;
  /** Tells it from its siblings, so that it stays the same element. */
  readonly key?: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (VNode | string)[];
}

/** An element with its attributes, its key among them, and what is in it. */
export function h(
  tag: string,
  attributes: VNode['attributes'] & { key?: string },
  ...children: (VNode | string)[]
): VNode {
  const { key, ...others } = attributes;
  return { tag, key, attributes: others, children };
}

/** For those who hear the page only. */
export function spoken(text: string): VNode {
  return h('span', { class: 'spoken' }, text);
}

/** Says whether something is opened up. */
export function twist(expanded: boolean): VNode {
  return h('span', { class: 'twist', 'aria-hidden': 'true' }, expanded ? '▾' : '▸');
}
