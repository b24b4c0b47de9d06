/** What the map shows, worked out of the server's answer: totals, groups by service, moved lines, filters. Pure. */

import type { MapFinding, MapResource, MapService } from '../../../server/src/lsp/protocol.ts';
import type { Category, Severity, Side } from '../../../server/src/rules/rule.ts';
import type { NamedTemplate } from './messages.ts';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const CATEGORIES: Readonly<Record<Category, true>> = {
  'public-access': true,
  'encryption-at-rest': true,
  'encryption-in-transit': true,
  iam: true,
  'network-exposure': true,
  secrets: true,
  logging: true,
  'backup-resilience': true,
  patching: true,
  responsibility: true,
  other: true,
};

function isCategory(value: unknown): value is Category {
  return typeof value === 'string' && Object.hasOwn(CATEGORIES, value);
}

/** Open findings by side, and how many things AWS does by itself. */
export interface Totals {
  readonly open: Readonly<Record<Side, number>>;
  readonly does: number;
}

/** @returns the sums over the resources */
export function totalsOf(resources: Iterable<Pick<MapResource, 'findings' | 'aws'>>): Totals {
  const open: Record<Side, number> = { customer: 0, shared: 0, aws: 0 };
  let does = 0;
  for (const { findings, aws } of resources) {
    does += aws.length;
    for (const { side } of findings) open[side]++;
  }
  return { open, does };
}

export function openOf({ open }: Totals): number {
  return open.customer + open.shared + open.aws;
}

/** A setting that moved the line. */
export interface Crossing {
  readonly from: Side;
  readonly to: Side;
  /** What changed hands, where the service's data names it. */
  readonly concern?: string;
  readonly text?: string;
  /** The finding about it. */
  readonly finding?: MapFinding;
}

/**
 * The lines that a resource's settings moved. A finding about a move, which has the rule of the moved line, is told with it; one
 * about a move of which the resource's lines say nothing is a crossing of its own.
 * @returns the crossings, and the findings that are not part of one
 */
export function crossingsOf({ moved, findings }: Pick<MapResource, 'moved' | 'findings'>): {
  readonly crossings: readonly Crossing[];
  readonly findings: readonly MapFinding[];
} {
  const told = new Set<MapFinding>();
  const crossings = moved.flatMap(({ ruleId, concern, from, to, text }): Crossing[] => {
    const about = findings.filter((finding) => finding.ruleId === ruleId && !told.has(finding));
    for (const finding of about) told.add(finding);
    const crossing = { concern, from, to, text };
    return about.length ? about.map((finding) => ({ ...crossing, finding })) : [crossing];
  });
  for (const finding of findings) {
    if (!finding.moves || told.has(finding)) continue;
    told.add(finding);
    crossings.push({ ...finding.moves, finding });
  }
  return { crossings, findings: findings.filter((finding) => !told.has(finding)) };
}

/** What is shown of it all. */
export interface Filters {
  /** None: all. */
  readonly severities: readonly Severity[];
  readonly category?: Category;
  readonly moved: boolean;
  readonly text: string;
}

export const NO_FILTERS: Filters = { severities: [], category: undefined, moved: false, text: '' };

/** Letters of a search; more would be no search. */
const LONGEST_SEARCH = 200;

/** Filters out of a kept state, which may hold anything. */
export function filtersOf(kept: unknown): Filters {
  const { severities, category, moved, text } = (kept ?? {}) as Record<string, unknown>;
  return {
    severities: Array.isArray(severities) ? SEVERITIES.filter((one) => severities.includes(one)) : [],
    category: isCategory(category) ? category : undefined,
    moved: moved === true,
    text: typeof text === 'string' ? text.slice(0, LONGEST_SEARCH) : '',
  };
}

export function isFiltered({ severities, category, moved, text }: Filters): boolean {
  return severities.length > 0 || category !== undefined || moved || text.trim() !== '';
}

/** A resource as it is shown. */
export interface Row {
  /** Stays the same while the text around the resource is edited. */
  readonly key: string;
  readonly uri: string;
  /** Name of the file, where there are several. */
  readonly file?: string;
  readonly resource: MapResource;
  readonly crossings: readonly Crossing[];
  readonly findings: Readonly<Record<Side, readonly MapFinding[]>>;
}

export interface Group {
  readonly key: string;
  readonly service?: MapService;
  readonly totals: Totals;
  /** Resources with findings or moved lines. */
  readonly open: readonly Row[];
  /** Resources with nothing open. */
  readonly clean: readonly Row[];
}

export interface MapModel {
  /** Of everything, whatever the filters hide. */
  readonly totals: Totals;
  readonly groups: readonly Group[];
  readonly resources: number;
  readonly hidden: { readonly findings: number; readonly resources: number };
  /** What there is to filter by, in order. */
  readonly categories: readonly Category[];
  readonly severities: Readonly<Record<Severity, number>>;
}

function has(text: string | undefined, wanted: string): boolean {
  return text?.toLowerCase().includes(wanted) ?? false;
}

function matchesResource({ address, type, service }: MapResource, file: string | undefined, wanted: string): boolean {
  return has(address, wanted) || has(type, wanted) || has(service?.name, wanted) || has(file, wanted);
}

/** @returns what the filters leave of a resource; undefined: nothing */
function filtered(row: Row, filters: Filters): Row | undefined {
  const { severities, category, moved } = filters;
  const wanted = filters.text.trim().toLowerCase();
  const whole = !wanted || matchesResource(row.resource, row.file, wanted);
  const passes = (finding: MapFinding) =>
    (!severities.length || severities.includes(finding.severity)) &&
    (category === undefined || finding.category === category) &&
    (whole || has(finding.message, wanted) || has(finding.ruleId, wanted));
  const findings = (side: Side) => (moved ? [] : row.findings[side].filter(passes));
  const kept: Row = {
    ...row,
    crossings: row.crossings.filter(({ finding, concern, text }) => {
      // A move without a finding has no severity, and its category is the one of all moves.
      if (!finding && (severities.length > 0 || (category !== undefined && category !== 'responsibility')))
        return false;
      return (finding && passes(finding)) || ((whole || has(concern, wanted) || has(text, wanted)) && !finding);
    }),
    findings: { aws: findings('aws'), shared: findings('shared'), customer: findings('customer') },
  };
  if (isOpen(kept)) return kept;
  // Findings or not, a resource with nothing open has none of that severity, category or move.
  return !isOpen(row) && whole && !severities.length && category === undefined && !moved ? kept : undefined;
}

function isOpen({ crossings, findings }: Row): boolean {
  return crossings.length > 0 || findings.customer.length > 0 || findings.shared.length > 0 || findings.aws.length > 0;
}

function countFindings({ crossings, findings }: Row): number {
  const { aws, shared, customer } = findings;
  return aws.length + shared.length + customer.length + crossings.filter(({ finding }) => finding).length;
}

function rowsOf(templates: readonly NamedTemplate[]): readonly Row[] {
  const several = templates.length > 1;
  const seen = new Map<string, number>();
  return templates.flatMap(({ uri, name, resources }) =>
    resources.map((resource): Row => {
      const plain = `${resource.address} ${uri}`;
      const times = seen.get(plain) ?? 0;
      seen.set(plain, times + 1);
      const { crossings, findings } = crossingsOf(resource);
      const worst = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
      const on = (side: Side) => worst.filter((finding) => finding.side === side);
      return {
        key: times ? `${times} ${plain}` : plain,
        uri,
        file: several ? name : undefined,
        resource,
        crossings,
        findings: { aws: on('aws'), shared: on('shared'), customer: on('customer') },
      };
    }),
  );
}

/** The resources of the templates by service, those with something open first; otherwise in the order of the text. */
export function modelOf(templates: readonly NamedTemplate[], filters: Filters): MapModel {
  const all = rowsOf(templates);
  const groups = new Map<string, { service?: MapService; open: Row[]; clean: Row[]; all: MapResource[] }>();
  const severities: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  const categories = new Set<Category>();
  const hidden = { findings: 0, resources: 0 };
  for (const row of all) {
    const { resource } = row;
    for (const finding of resource.findings) {
      severities[finding.severity]++;
      categories.add(finding.category);
    }
    const kept = filtered(row, filters);
    hidden.findings += countFindings(row) - (kept ? countFindings(kept) : 0);
    if (!kept) hidden.resources++;
    const key = resource.service ? `${resource.service.id} ${resource.service.name}` : '';
    const group = groups.get(key) ?? { service: resource.service, open: [], clean: [], all: [] };
    groups.set(key, group);
    group.all.push(resource);
    if (kept) (isOpen(kept) ? group.open : group.clean).push(kept);
  }
  const shown = [...groups].flatMap(([key, { service, open, clean, all: members }]): Group[] =>
    open.length || clean.length ? [{ key, service, totals: totalsOf(members), open, clean }] : [],
  );
  return {
    totals: totalsOf(all.map(({ resource }) => resource)),
    groups: [...shown.filter(({ open }) => open.length), ...shown.filter(({ open }) => !open.length)],
    resources: all.length,
    hidden,
    categories: (Object.keys(CATEGORIES) as Category[]).filter((one) => categories.has(one)),
    severities,
  };
}
