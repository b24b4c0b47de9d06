/** A policy document whose content is read when it is asked for: finding all documents of a template costs little. */

import type { SyntaxProblem } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Condition, Leaf, ObjectValue, Value, Via } from '../template/value.ts';
import type { Consumer, Element, PolicyDocument, PolicyForm, PolicyKind, Statement } from './document.ts';
import { type FlatStatement, flatStatement } from './flat.ts';
import { merged } from './merge.ts';
import { elementsOf, readStatements, type StatementList } from './statements.ts';

/** What a document is read from. */
export type Content =
  /** An object with Statement, or the properties of a data source. */
  | { readonly kind: 'object'; readonly object: ObjectValue }
  | { readonly kind: 'statements'; readonly value: Value }
  | { readonly kind: 'flat'; readonly flat: () => FlatStatement }
  | { readonly kind: 'nothing' };

/** Links from document to document that are followed. */
const MAX_LINKS = 100;

const NOTHING: StatementList = { statements: [], malformed: [], open: undefined };

export class Draft implements PolicyDocument {
  readonly resource: Resource;
  readonly site: string;
  readonly conditions: readonly Condition[];
  readonly via: readonly Via[];
  key: Node;
  host: Node | undefined = undefined;
  readProblems: () => readonly SyntaxProblem[] = () => [];
  /** The service that the site says. */
  declared: string | undefined;
  consumers: Consumer[];
  /** Documents that a data source takes in, in the order found. */
  readonly takesIn: Draft[] = [];
  /** Those that its own statements override, and those that override them, by Sid. */
  readonly sources: Draft[] = [];
  readonly overrides: Draft[] = [];
  /** Data sources that take it in. */
  readonly takenBy: Draft[] = [];
  /** Whether something else than a data source uses it. */
  isUsed = false;
  /** Why statements may exist beside those written. */
  doubt: string | undefined = undefined;
  /** Undefined: its content decides. */
  decided: PolicyKind | undefined;
  #elements: readonly Element[] | undefined;
  #list: StatementList | undefined;
  #included: readonly Statement[] | undefined;
  #statements: readonly Statement[] | undefined;
  #merged: ReadonlySet<Statement> | undefined;
  #byContent: PolicyKind | undefined;

  constructor(
    found: Found,
    readonly form: PolicyForm,
    consumer: Pick<Consumer, 'kind' | 'service'>,
    readonly node: Node,
    private readonly content: Content,
  ) {
    this.resource = found.resource;
    this.site = found.path;
    this.conditions = found.conditions;
    this.via = found.via;
    this.key = found.key ?? found.resource.key;
    this.decided = consumer.kind;
    this.declared = consumer.service;
    this.consumers = [{ kind: consumer.kind, service: consumer.service, resource: found.resource, site: found.path }];
  }

  get kind(): PolicyKind {
    if (this.decided !== undefined) return this.decided;
    this.#byContent ??= kindByContent([...this.statements, ...this.included]);
    return this.#byContent;
  }

  get service(): string | undefined {
    return this.declared ?? (this.decided === undefined && this.kind === 'trust' ? 'sts' : undefined);
  }

  private get members(): readonly Element[] {
    this.#elements ??= this.content.kind === 'object' ? elementsOf(this.content.object) : [];
    return this.#elements;
  }

  private member(name: string, dataName: string): Element | undefined {
    const wanted = this.form === 'data' ? dataName : name;
    return this.members.find((element) => element.name === wanted);
  }

  get elements(): readonly Element[] {
    return this.form === 'document' ? this.members : [];
  }

  get problems(): readonly SyntaxProblem[] {
    return this.readProblems();
  }

  get version(): Element | undefined {
    return this.member('Version', 'version');
  }

  get id(): Element | undefined {
    return this.member('Id', 'policy_id');
  }

  get statement(): Element | undefined {
    return this.member('Statement', 'statement');
  }

  private get list(): StatementList {
    this.#list ??= this.read();
    return this.#list;
  }

  private read(): StatementList {
    switch (this.content.kind) {
      case 'object': {
        const written = this.statement;
        return written ? readStatements(written.value, this, this.form === 'data' ? 'data' : 'json') : NOTHING;
      }
      case 'statements':
        return readStatements(this.content.value, this, 'json');
      case 'flat':
        return { ...NOTHING, statements: [flatStatement(this.content.flat(), this)] };
      case 'nothing':
        return NOTHING;
    }
  }

  /** All that is written, whatever overrides it. */
  get written(): readonly Statement[] {
    return this.list.statements;
  }

  get statements(): readonly Statement[] {
    this.#statements ??= this.inForce();
    return this.#statements;
  }

  /** Without statements that another document overrides wherever this one is used. */
  private inForce(): readonly Statement[] {
    const { written, overrides, takenBy, isUsed } = this;
    const own = overrides.length ? written.filter((statement) => this.merged.has(statement)) : written;
    if (isUsed || takenBy.length === 0) return own;
    return own.filter((statement) => takenBy.some((user) => user.merged.has(statement)));
  }

  /** What its data source makes of all documents. */
  private get merged(): ReadonlySet<Statement> {
    this.#merged ??= merged(this);
    return this.#merged;
  }

  /** Whether an earlier one of the same place was used in the same way; links to other documents are not looked at. */
  isLike(before: Draft): boolean {
    return (
      this.decided === before.decided &&
      this.declared === before.declared &&
      this.doubt === before.doubt &&
      this.isUsed === before.isUsed &&
      this.consumers.length === before.consumers.length &&
      this.consumers.every((one, i) => isSameConsumer(one, before.consumers[i]))
    );
  }

  /** Notes a document that this one takes in. */
  take(draft: Draft, overrides: boolean): void {
    this.takesIn.push(draft);
    (overrides ? this.overrides : this.sources).push(draft);
    draft.takenBy.push(this);
  }

  get malformed(): readonly Leaf[] {
    return this.list.malformed;
  }

  get included(): readonly Statement[] {
    if (!this.takesIn.length) return [];
    this.#included ??= this.allTakenIn().flatMap((draft) => draft.written.filter((one) => this.merged.has(one)));
    return this.#included;
  }

  get open(): string | undefined {
    const own = this.doubt ?? (this.content.kind === 'object' ? this.content.object.open : undefined) ?? this.list.open;
    if (own !== undefined || !this.takesIn.length) return own;
    for (const draft of this.allTakenIn()) {
      const why = draft.doubt ?? draft.list.open;
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Every document that this one takes in, nearest first, each once. */
  allTakenIn(): readonly Draft[] {
    const found = new Set<Draft>();
    const walk = (draft: Draft): void => {
      for (const source of draft.takesIn) {
        if (source === this || found.has(source) || found.size >= MAX_LINKS) continue;
        found.add(source);
        walk(source);
      }
    };
    walk(this);
    return [...found];
  }
}

function isSameConsumer(a: Consumer, b: Consumer | undefined): boolean {
  return a.resource === b?.resource && a.site === b.site && a.kind === b.kind && a.service === b.service;
}

/** Principals make a resource policy, and actions of STS alone without resources a trust policy. */
function kindByContent(statements: readonly Statement[]): PolicyKind {
  if (!statements.some((one) => one.elements.Principal || one.elements.NotPrincipal)) return 'identity';
  const trust = statements.every(
    (statement) =>
      !statement.elements.Resource &&
      !statement.elements.NotResource &&
      statement.actions.length > 0 &&
      statement.actions.every((action) => action.text?.toLowerCase().startsWith('sts:')),
  );
  return trust ? 'trust' : 'resource';
}
