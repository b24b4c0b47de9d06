/** The certificate that a listener is given: the template's own, or one whose ARN a person puts in. */

import type { Data } from '../syntax/edit.ts';
import type { Resource } from '../template/template.ts';
import { nameOf, terraformReference } from './fixes.ts';
import { soleResource } from './sole-resource.ts';

export interface Certificate {
  readonly arn: Data;
  /** To end a title with, in brackets. */
  readonly note: string;
}

/** The one certificate of ACM in the template; else an ARN to fill in, with which no listener is created as it stands. */
export function certificateFor(listener: Resource): Certificate {
  const isCloudFormation = listener.template.dialect === 'cloudformation';
  const type = isCloudFormation ? 'AWS::CertificateManager::Certificate' : 'aws_acm_certificate';
  const own = soleResource(listener, type);
  if (own) {
    const arn = isCloudFormation ? { Ref: nameOf(own) } : terraformReference(own, 'arn');
    return { arn, note: `with the certificate ${own.address}` };
  }
  const name = 'certificate/CERTIFICATE_ID';
  const arn = isCloudFormation
    ? { 'Fn::Sub': `arn:\${AWS::Partition}:acm:\${AWS::Region}:\${AWS::AccountId}:${name}` }
    : `arn:aws:acm:REGION:ACCOUNT_ID:${name}`;
  return { arn, note: 'put in the ARN of its certificate' };
}
