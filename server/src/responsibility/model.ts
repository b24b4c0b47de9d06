/**
 * The AWS shared responsibility model as data: what one row about a service says. AWS answers for the security of the cloud,
 * the customer for security in the cloud, and in shared controls each acts in its own layer. How far AWS reaches depends on
 * the service, on the form in which it is used (a situation), and on single settings (line movers).
 */

export type Side = 'customer' | 'shared' | 'aws';

/**
 * AWS sets infrastructure services (EC2), on which all security tasks above the host are yours, apart from those whose platform
 * it runs: in instances made for you alone (managed: RDS), or behind endpoints that many share (abstracted: S3). Serverless is
 * the part of the last two that runs your code or queries and has no hosts to choose. Source: "Shared responsibility" (Security
 * Pillar, AWS Well-Architected Framework).
 */
export type ServiceClass = 'infrastructure' | 'managed' | 'serverless' | 'abstracted';

/** What each class means, for "Amazon EC2 is …". */
export const CLASS_WORDS: Readonly<Record<ServiceClass, string>> = {
  infrastructure: 'an infrastructure service: you run what is inside the machine or network',
  managed: 'a managed service: AWS runs the platform, you configure it',
  serverless: 'a serverless service: AWS runs the servers; what you run on them, and with which rights, is yours',
  abstracted: 'an abstracted service: AWS runs all of it; data, its encryption and who has access are yours',
};

/** A control in which both sides act, each in its layer. Phrases that read on after "AWS" and "you": `patches the hosts`, `patch the guest`. */
export interface SharedControl {
  readonly control: SharedControlName;
  readonly aws: string;
  readonly customer: string;
}

/**
 * Controls that both sides implement, each in its layer. The first three are named in "Shared responsibility" (Security Pillar);
 * the pages of single services divide the others in the same way.
 */
export type SharedControlName =
  | 'Patching'
  | 'Configuration'
  | 'Awareness and training'
  | 'Backup'
  | 'Detection'
  | 'Keys'
  | 'Availability';

/** The page of AWS's documentation that a row rests on. */
export interface Source {
  /** Title of the page, with its guide where the title alone does not say it. */
  readonly title: string;
  /** Its address under https://docs.aws.amazon.com, where known. */
  readonly url?: string;
}

/** What the two sides do. */
export interface Duties {
  /** Security of the cloud. A noun phrase, lower case, ends in a full stop: reads on after "AWS:". */
  readonly aws: string;
  /** Security in the cloud. As above, after "You:". */
  readonly customer: string;
  /** Empty where none is particular to the service. */
  readonly shared: readonly SharedControl[];
}

/** Decides by a resource's settings; several tests are alternatives. */
export interface SettingTest {
  /** Exact resource types, in both languages. */
  readonly types: readonly string[];
  /** Property path below the resource, as `select` takes it; left out: the type alone decides. */
  readonly path?: string;
  /** Values that pass, compared without case; `*` at the end stands for anything; booleans as `true` and `false`. */
  readonly values?: readonly string[];
  /** It passes where the property is there at all, whatever its value. */
  readonly present?: true;
  /** It passes where the property is left out (beside `values`, or alone). */
  readonly absent?: true;
}

/** A form in which a service is used that changes who does what: `on Fargate`, `as a container image`. At most one holds for a resource. */
export interface Situation extends Partial<Duties> {
  /** Reads on after the service's name and a comma: `on Fargate`. */
  readonly label: string;
  readonly kind?: ServiceClass;
  readonly when: readonly SettingTest[];
  readonly sources?: readonly Source[];
}

/** A setting that moves the line. Any number may hold for a resource. */
export interface LineMover {
  /** What changes hands: `runtime patching`. */
  readonly concern: string;
  readonly from: Side;
  readonly to: Side;
  readonly when: readonly SettingTest[];
  /** Forms in which the setting moves nothing: where one may hold, it does not count. */
  readonly except?: readonly SettingTest[];
  /** One true sentence: what this setting means for who does it. */
  readonly text: string;
  /**
   * How it is reported: the id of the rule that does, or what makes a rule of its own. Left out where the setting moves the line
   * towards AWS, which is no finding.
   */
  readonly rule?: string | MoverRule;
  readonly sources: readonly Source[];
}

/** What a rule about a line mover says beyond the mover itself. */
export interface MoverRule {
  /** `moves-…` */
  readonly id: string;
  /** Says what is the case, in a few words: "Nodes run an image of your own". */
  readonly title: string;
  /** What is said at the place: "The node image is yours: building it with current patches moves from AWS to you". */
  readonly message: string;
  /** What follows from it, and when it is right to do so: Markdown, two to four sentences. */
  readonly description: string;
  /** The way back, where one value is it. */
  readonly back?: MoverFix;
}

export interface MoverFix {
  /** Sets the property to this; left out: removes it. */
  readonly set?: string | boolean;
  /** It can neither break a deployment nor replace what holds data. */
  readonly safe: boolean;
  /** What to know before applying it: "the next deployment replaces the nodes". */
  readonly note?: string;
}

export interface ServiceResponsibility extends Duties {
  readonly name: string;
  readonly kind: ServiceClass;
  /**
   * Resource types it answers for: a CloudFormation prefix without `AWS::` (`S3::`, `EC2::Volume`) or a Terraform one without
   * `aws_` (`s3_`, `db_`, `instance`). The longest match of all services wins. One that ends in neither `:` nor `_` ends where
   * a name ends: `route` is no part of `route53_zone`, `EC2::Volume` is one of `EC2::VolumeAttachment`.
   */
  readonly types: readonly string[];
  readonly situations?: readonly Situation[];
  readonly movers?: readonly LineMover[];
  readonly sources: readonly Source[];
}

/** The shared control that every service has: "Configuration management" in "Shared responsibility" (Security Pillar). */
export const CONFIGURATION: SharedControl = {
  control: 'Configuration',
  aws: 'configures its infrastructure devices',
  customer: 'configure the resource',
};

/** A page of the AWS documentation. */
export function page(title: string, path?: string): Source {
  return { title, url: path === undefined ? undefined : `https://docs.aws.amazon.com/${path}` };
}

/** The id of the rule whose finding reports a mover. */
export function ruleOfMover({ rule }: LineMover): string | undefined {
  return typeof rule === 'object' ? rule.id : rule;
}

/** A shared control as a sentence. */
export function sharedText({ control, aws, customer }: SharedControl): string {
  return `${control}: AWS ${aws}; you ${customer}.`;
}

/**
 * Controls that a customer takes over from AWS whole. Source: "Shared responsibility" (Security Pillar, AWS Well-Architected
 * Framework), https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/shared-responsibility.html.
 */
export const INHERITED = 'physical and environmental controls.';
