/** What a text is, before anything is parsed: light, so that who only chooses files needs nothing else. */

import { looksLikeCloudFormation } from '../cloudformation/recognise.ts';
import { looksLikePolicy } from '../iam/recognise.ts';
import { withoutQuery } from '../syntax/uri.ts';
import type { Dialect } from '../template/template.ts';
import { looksLikeTerraform } from '../terraform/recognise.ts';
import type { Source } from './analyze.ts';

/** What a text is, judged by its content (cheaply, without parsing it); undefined for everything that is none of ours. */
export function classify(source: Source): Dialect | undefined {
  const { text, languageId = '' } = source;
  const uri = withoutQuery(source.uri);
  const terraform = looksLikeTerraform(text, languageId, uri);
  if (terraform) return terraform;
  if (looksLikeCloudFormation(text, languageId, uri)) return 'cloudformation';
  if (looksLikePolicy(text, languageId, uri)) return 'policy';
  return undefined;
}
