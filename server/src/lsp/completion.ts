/** Completion inside policy documents. Reads the current text by itself: it waits for no analysis. */

import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { classify, isJson, parse, type Source, templateOf } from '../analysis/analyze.ts';
import { escapeLine } from '../analysis/markdown.ts';
import { completionsAt } from '../iam/complete.ts';
import { withoutQuotes, write, writeObject } from '../iam/complete-insert.ts';
import type { Completion, CompletionKind } from '../iam/complete-item.ts';
import { ownResources } from '../iam/complete-own.ts';
import { placeAt } from '../iam/complete-place.ts';
import type { Place } from '../iam/complete-position.ts';
import { spotOf } from '../iam/complete-spot.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { withoutQuery } from '../syntax/uri.ts';
import type { Resource } from '../template/template.ts';
import { isHcl } from '../terraform/recognise.ts';

/** What the client can do with an item. */
export interface CompletionAbilities {
  readonly snippets: boolean;
  readonly markdown: boolean;
  /** It shows a text beside each label. */
  readonly descriptions: boolean;
  /** It is VS Code with our client: it has the command that asks again. */
  readonly asksAgain: boolean;
}

/** What the last analysis of a document knows that its text alone does not say. */
export interface ModuleAtHand {
  /** Resources in the other files of the document's module. */
  readonly beside?: () => readonly Resource[];
  /** The document, as last parsed: at this version, or one before. */
  readonly document?: () => SyntaxDocument | undefined;
}

const KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  service: CompletionItemKind.Module,
  action: CompletionItemKind.Function,
  pattern: CompletionItemKind.Operator,
  element: CompletionItemKind.Property,
  operator: CompletionItemKind.Keyword,
  key: CompletionItemKind.Variable,
  value: CompletionItemKind.Value,
  principal: CompletionItemKind.Constant,
  resource: CompletionItemKind.Reference,
};

/** Where no such name is around, no policy is. */
const AROUND = /statement|polic|permission|content|20(?:12|08)-10-17/i;
/** The same among the keys that a value is under. */
const ABOVE = /statement|polic|content|^(?:actions?|principals?)$/i;

/** Answers requests and remembers the last list, to tell more about an item that is looked at. */
export class Completer {
  private list = 0;
  private items: readonly Completion[] = [];

  /**
   * The completions at a position; null where there are none. Never throws: broken text has none.
   * @param log is told of what went wrong
   */
  complete(
    document: TextDocument,
    params: Pick<CompletionParams, 'position' | 'context'>,
    abilities: CompletionAbilities,
    log: (error: unknown) => void,
    module: ModuleAtHand = {},
  ): CompletionList | null {
    try {
      return this.answer(document, params, abilities, module);
    } catch (error) {
      log(error);
      return null;
    }
  }

  private answer(
    document: TextDocument,
    { position, context }: Pick<CompletionParams, 'position' | 'context'>,
    abilities: CompletionAbilities,
    module: ModuleAtHand,
  ): CompletionList | null {
    const text = document.getText();
    const offset = document.offsetAt(position);
    // Blanks that indent a line are no question.
    if (context?.triggerCharacter === ' ' && /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, offset - 200), offset))) {
      return null;
    }
    if (!AROUND.test(text)) return null;
    const source: Source = { uri: document.uri, text, languageId: document.languageId };
    const dialect = classify(source);
    if (!dialect || dialect === 'terraform-plan') return null;
    const language = isHcl(withoutQuery(source.uri), source.languageId) ? 'hcl' : isJson(source) ? 'json' : 'yaml';
    const place = placeAt(text, offset, language, dialect === 'cloudformation', module.document?.());
    if (!place || !AROUND.test(place.marked)) return null;
    // Within an escape no word can be written.
    if (offset < place.start || offset > place.end) return null;
    if (dialect !== 'policy' && place.path && !inFlow(place) && !place.path.some((name) => ABOVE.test(name)))
      return null;
    const read = (marked: string | undefined, isPolicy = false) => {
      const parsed = marked === undefined ? undefined : parse({ ...source, text: marked });
      return parsed && spotOf(isPolicy ? undefined : templateOf(dialect, [parsed]), parsed);
    };
    const spot = read(place.marked) ?? read(place.cut) ?? read(place.policy, true);
    if (!spot) return null;
    // Read from all of the text: only where something refers to them.
    const refers = /^(?:(?:Not)?(?:Action|Resource)|Condition)$/.test(spot.path[1] ?? '');
    const yaml = dialect === 'cloudformation' && language === 'yaml' ? text : undefined;
    const own = refers
      ? ownResources(spot, yaml, dialect === 'terraform' ? module.beside?.() : [], place.resources)
      : [];
    const { items, isIncomplete } = completionsAt(spot, place, own);
    const range = { start: document.positionAt(place.start), end: document.positionAt(place.end) };
    this.items = items;
    this.list++;
    const digits = String(items.length).length;
    const unit = unitAt(text, place);
    const written = items.flatMap((item, index): CompletionItem[] => {
      const at = item.unquotes ? withoutQuotes(place) : place;
      const done = item.object
        ? writeObject(item.inBrackets ? inBrackets(at) : at, item.object, abilities.snippets, unit)
        : write(at, item.insertion, abilities.snippets, unit);
      if (!done) return [];
      const start = done.start === place.start ? range.start : document.positionAt(done.start);
      const end = done.end === place.end ? range.end : document.positionAt(done.end);
      const typed = text.slice(done.start, offset);
      const quote = text.slice(done.start, place.start);
      return [
        {
          label: item.label,
          kind: KINDS[item.kind],
          ...(item.detail
            ? abilities.descriptions
              ? { labelDetails: { description: item.detail } }
              : { detail: item.detail }
            : {}),
          sortText: String(index).padStart(digits, '0'),
          // Clients compare it with all of what is replaced before the cursor.
          filterText: item.always && typed !== '' ? typed : quote + item.label,
          insertTextFormat: done.isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
          ...(done.text.includes('\n') ? { insertTextMode: InsertTextMode.adjustIndentation } : {}),
          textEdit: { range: { start, end }, newText: done.text },
          ...(place.commaAt === undefined ? {} : { additionalTextEdits: [comma(document, place.commaAt)] }),
          ...(item.again && abilities.asksAgain
            ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } }
            : {}),
          ...(item.documentation ? { data: { list: this.list, index } } : {}),
        },
      ];
    });
    return written.length ? { isIncomplete, items: written } : null;
  }

  /** Adds what an item of the last list means. */
  resolve(item: CompletionItem, { markdown }: CompletionAbilities): CompletionItem {
    const { list, index } = (item.data ?? {}) as { list?: number; index?: number };
    if (list !== this.list || index === undefined) return item;
    const lines = this.items[index]?.documentation?.();
    if (!lines?.length) return item;
    const value = markdown ? lines.map(escapeLine).join('\n\n') : lines.join('\n');
    return { ...item, documentation: { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value } };
  }
}

/** The file's unit of indentation where a word of JSON or HCL begins its line: then what is inserted may go over several lines. */
function unitAt(text: string, place: Place): string | undefined {
  if (!/^(?:json|hcl)$/.test(place.style) || place.encode('"') !== '"') return undefined;
  const before = text.slice(text.lastIndexOf('\n', place.start - 1) + 1, place.start);
  if (!/^[ \t]*"?$/.test(before)) return undefined;
  return /^(\t|[ ]{1,8})[^\s]/m.exec(text)?.[1] ?? '  ';
}

function inBrackets(place: Place): Place {
  return place.style === 'block' ? { ...place, style: 'flow' } : place;
}

/** In brackets of YAML only the brackets' own keys are known. */
function inFlow(place: Place): boolean {
  return place.style === 'flow';
}

function comma(document: TextDocument, offset: number) {
  const position = document.positionAt(offset);
  return { range: { start: position, end: position }, newText: ',' };
}
