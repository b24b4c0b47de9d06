/** Terraform texts made to be deep, endless, cyclic or exponential. */

import { configuration, VARIABLES } from '../bench/terraform-documents.ts';
import { type Attack, attacksOn, bucketHcl, LARGE, many, times } from './hostile-texts.ts';

const MB = many(1_000_000);
const nest = (open: string, close: string, depth: number, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);
const policyHcl = (value: string, more = ''): string =>
  `${more}resource "aws_iam_policy" "p" {\n  name = "p"\n  policy = ${value}\n}\n`;
/** A configuration as people write it. */
const ordinary = (blocks: number): string => `${VARIABLES}\n${configuration(blocks, 3)}`;
const locals = (text: string): string => `locals {\n${text}}\n`;
/** `a1 = f(a0, a0)`, forty times. */
const doubling = (count: number, make: (before: string, i: number) => string): string =>
  locals(`  a0 = "x"\n${times(count, (i) => `  a${i + 1} = ${make(`local.a${i}`, i)}\n`)}`);

export const HCL: readonly Attack[] = attacksOn('hostile.tf', {
  '20,000 parentheses': () => bucketHcl('('.repeat(many(20_000))),
  '20,000 parentheses, closed': () => bucketHcl(nest('(', ')', many(20_000), '1')),
  '20,000 brackets': () => bucketHcl('['.repeat(many(20_000))),
  '20,000 brackets, closed': () => bucketHcl(nest('[', ']', many(20_000), '1')),
  '20,000 braces': () => bucketHcl('{a='.repeat(many(20_000))),
  '20,000 braces, closed': () => bucketHcl(nest('{a=', '}', many(20_000), '1')),
  '20,000 calls': () => bucketHcl(nest('lower(', ')', many(20_000), '"x"')),
  '80 calls': () => bucketHcl(nest('lower(', ')', 80, '"x"')),
  '20,000 templates': () => bucketHcl('"${'.repeat(many(20_000))),
  '20,000 templates, closed': () => bucketHcl(nest('"${', '}"', many(20_000), '"x"')),
  '90 templates, closed': () => bucketHcl(nest('"${', '}"', 90, '"x"')),
  '20,000 directives': () => bucketHcl(`"${'%{ if true }'.repeat(many(20_000))}"`),
  '20,000 loops': () => bucketHcl(`"${'%{ for a in b }'.repeat(many(20_000))}"`),
  '20,000 for expressions': () => bucketHcl('[for a in '.repeat(many(20_000))),
  '1 MB of minus signs': () => bucketHcl('-'.repeat(MB)),
  '1 MB of exclamation marks': () => bucketHcl('!'.repeat(MB)),
  '1 MB of sums': () => bucketHcl(`1${'+1'.repeat(MB / 2)}`),
  '1 MB of conditionals': () => bucketHcl('a ? b : '.repeat(MB / 8)),
  '1 MB of questions': () => bucketHcl('a ? '.repeat(MB / 4)),
  '1 MB of steps': () => bucketHcl(`a${'.b'.repeat(MB / 2)}`),
  '1 MB of indexes': () => bucketHcl(`a${'[0]'.repeat(MB / 3)}`),
  '1 MB of open indexes': () => bucketHcl('a['.repeat(MB / 2)),
  '1 MB of splats': () => bucketHcl(`a${'[*]'.repeat(MB / 3)}`),
  '1 MB of double colons': () => bucketHcl(`a${'::b'.repeat(MB / 3)}`),
  '20,000 nested blocks': () => nest('b {\n', '}\n', many(20_000), ''),
  '20,000 nested blocks, open': () => `${bucketHcl('"x"')}${'b {\n'.repeat(many(20_000))}`,
  '20,000 closing braces': () => `${bucketHcl('"x"')}${'}\n'.repeat(many(20_000))}`,
  '20,000 labels': () => `${bucketHcl('"x"')}resource ${'"a" '.repeat(many(20_000))}{}\n`,
  '100,000 heredocs never closed': () => bucketHcl(times(many(50_000), (i) => `<<E${i}\n`)),
  'a heredoc never closed, 1 MB': () => bucketHcl(`<<EOF\n${'EOFX\n'.repeat(MB / 5)}`),
  '20,000 heredocs with one end': () => `${times(many(20_000), (i) => `a${i} = <<E\n`)}${bucketHcl('"x"')}`,
  '10,000 heredocs inside each other': () => bucketHcl(times(many(10_000), (i) => `<<E${i}\n\${`)),
  '10 MB on one line': () => bucketHcl(`"${'x'.repeat(10 * LARGE)}"`),
  '10 MB of line breaks': () => bucketHcl('"x"') + '\n'.repeat(10 * LARGE),
  '10 MB of hashes': () => bucketHcl('"x"') + '#'.repeat(10 * LARGE),
  '10 MB of comments': () => bucketHcl('"x"') + '#\n'.repeat(5 * LARGE),
  '10 MB of open comments': () => bucketHcl('"x"') + '/*'.repeat(5 * LARGE),
  '10 MB of quotes': () => bucketHcl('"'.repeat(10 * LARGE)),
  '10 MB of backslashes': () => bucketHcl(`"${'\\'.repeat(10 * LARGE)}`),
  '10 MB of dollars': () => bucketHcl(`"${'$'.repeat(10 * LARGE)}{"`),
  '10 MB of words': () => bucketHcl('"x"') + 'a '.repeat(5 * LARGE),
  '1 MB on one line': () => bucketHcl(`"${'x'.repeat(MB)}"`),
  '1 MB of line breaks': () => bucketHcl('"x"') + '\n'.repeat(MB),
  '1 MB of lines of hashes': () => bucketHcl('"x"') + '#\n'.repeat(MB / 2),
  '1 MB of an open comment': () => `${bucketHcl('"x"')}/*${' text\n'.repeat(MB / 6)}`,
  '1 MB of nested templates': () => bucketHcl('"${'.repeat(MB / 3)),
  '1 MB of nested templates, closed': () => bucketHcl(nest('"${', '}"', MB / 6, '"x"')),
  '1 MB of heredocs of one name, never closed': () => times(MB / 11, (i) => `a${i} = <<EOF\n`),
  '1 MB of heredocs, closed': () => bucketHcl('"x"') + 'a = <<A\nA\n'.repeat(MB / 10),
  '1 MB of empty blocks': () => bucketHcl('"x"') + 'a {}\n'.repeat(MB / 5),
  '500 blocks of several kinds': () => ordinary(many(500)),
  '500 blocks with both characters at each line end': () => ordinary(many(500)).replaceAll('\n', '\r\n'),
  '500 blocks with lone surrogates everywhere': () => ordinary(many(500)).replaceAll('a', '\ud800'),
  '1 MB of open comments on lines': () => bucketHcl('"x"') + '/*\n'.repeat(MB / 3),
  '1 MB of quotes on lines': () => bucketHcl('"x"') + '"\n'.repeat(MB / 2),
  '1 MB of words on lines': () => bucketHcl('"x"') + 'a\n'.repeat(MB / 2),
  '1 MB of equals on lines': () => bucketHcl('"x"') + 'a = \n'.repeat(MB / 5),
  '1 MB of open lists on lines': () => bucketHcl('"x"') + 'a = [\n'.repeat(MB / 6),
  '1 MB of open calls on lines': () => bucketHcl('"x"') + 'a = f(\n'.repeat(MB / 7),
  '1 MB of open braces on lines': () => bucketHcl('"x"') + 'a = {\n'.repeat(MB / 6),
  '1 MB of open templates on lines': () => bucketHcl('"x"') + 'a = "${\n'.repeat(MB / 8),
  '1 MB of dollars in a heredoc': () => bucketHcl(`<<EOF\n${'$'.repeat(MB)}\nEOF\n`),
  '1 MB of blanks in a heredoc': () => bucketHcl(`<<-EOF\n${`${' '.repeat(many(1_000))}\n`.repeat(many(1_000))}EOF\n`),
  '1 MB of holes': () => bucketHcl(`"${'${a}'.repeat(MB / 4)}"`),
  '1 MB of strips': () => bucketHcl(`"${'${~ a ~} '.repeat(MB / 9)}"`),
  '100,000 attributes': () => `resource "aws_s3_bucket" "b" {\n${times(many(100_000), (i) => `  k${i} = 1\n`)}}\n`,
  '100,000 duplicates': () => `resource "aws_s3_bucket" "b" {\n${'  bucket = 1\n'.repeat(many(100_000))}}\n`,
  '50,000 blocks in one': () =>
    `resource "aws_s3_bucket" "b" {\n${'  lifecycle_rule {\n  }\n'.repeat(many(50_000))}}\n`,
  '100,000 items': () => bucketHcl(`[${'1,'.repeat(many(100_000))}]`),
  '100,000 members': () => bucketHcl(`{${times(many(100_000), (i) => `k${i} = 1\n`)}}`),
  '100,000 resources': () => times(many(100_000, 1_000), (i) => `resource "aws_s3_bucket" "b${i}" {}\n`),
  '5,000 resources': () =>
    times(many(5_000), (i) => `resource "aws_s3_bucket" "b${i}" {\n  bucket = "b${i}"\n  acl = "public-read"\n}\n`),
  '2,000 variables that name each other': () =>
    `${times(many(2_000), (i) => `variable "v${i}" {\n  default = var.v${(i + 1) % many(2_000)}\n}\n`)}${times(
      many(2_000),
      (i) => `resource "aws_s3_bucket" "b${i}" {\n  bucket = "\${var.v${i}}-\${var.v${(i + 1) % many(2_000)}}"\n}\n`,
    )}`,
  '5,000 resources of one name': () => 'resource "aws_s3_bucket" "b" {}\n'.repeat(many(5_000)),
  '30,000 variables': () =>
    `${times(many(30_000), (i) => `variable "v${i}" {\n  default = var.v${i + 1}\n}\n`)}${bucketHcl('var.v0')}`,
  'locals that double by sum': () => doubling(40, (a) => `${a} + ${a}`) + bucketHcl('local.a40'),
  'locals that double by template': () => doubling(40, (a) => `"\${${a}}\${${a}}"`) + bucketHcl('local.a40'),
  'locals that double by join': () => doubling(40, (a) => `join(",", [${a}, ${a}])`) + bucketHcl('local.a40'),
  'locals that double by format': () => doubling(40, (a) => `format("%s%s", ${a}, ${a})`) + bucketHcl('local.a40'),
  'locals that double by list': () => doubling(40, (a) => `[${a}, ${a}]`) + bucketHcl('flatten(local.a40)'),
  'locals that double by concat': () =>
    doubling(40, (a) => `concat(flatten([${a}]), flatten([${a}]))`) + bucketHcl('local.a40'),
  'locals that double by jsonencode': () => doubling(40, (a) => `jsonencode([${a}, ${a}])`) + bucketHcl('local.a40'),
  'locals that double by map': () => doubling(40, (a) => `{ a = ${a}, b = ${a} }`) + bucketHcl('jsonencode(local.a40)'),
  'locals that double by merge': () =>
    doubling(40, (a, i) => `merge({ a${i} = ${a} }, { b${i} = ${a} })`) + bucketHcl('jsonencode(local.a40)'),
  'locals that double by replace': () => doubling(40, (a) => `replace(${a}, "x", "xx")`) + bucketHcl('local.a40'),
  'locals that square by setproduct': () =>
    doubling(20, (a) => `setproduct(flatten([${a}, "y"]), flatten([${a}, "z"]))`) + bucketHcl('local.a20'),
  'locals that double by conditional': () =>
    doubling(40, (a, i) => `var.c${i} ? "\${${a}}a" : "\${${a}}b"`) + bucketHcl('local.a40'),
  'locals that double by for': () =>
    doubling(40, (a) => `[for x in flatten([${a}, ${a}]) : "\${x}\${x}"]`) + bucketHcl('local.a40'),
  'locals that double by base64': () => doubling(60, (a) => `base64encode(${a})`) + bucketHcl('local.a60'),
  'locals that double by title': () => doubling(40, (a) => `"\${upper(${a})}\${title(${a})}"`) + bucketHcl('local.a40'),
  '30 conditionals in one text': () => bucketHcl(`"${times(30, (i) => `\${var.c${i} ? "a" : "b"}`)}"`),
  '30 conditionals in one list': () => bucketHcl(`concat(${times(30, (i) => `var.c${i} ? ["a"] : ["b", "c"]`, ', ')})`),
  '30 conditionals in format': () =>
    bucketHcl(`format("${'%s'.repeat(30)}", ${times(30, (i) => `var.c${i} ? "a" : "b"`, ', ')})`),
  '30 conditionals in merge': () => bucketHcl(`merge(${times(30, (i) => `var.c${i} ? { a = 1 } : { b = 2 }`, ', ')})`),
  '40 conditionals as one condition': () =>
    bucketHcl(`(${times(40, (i) => `(var.c${i} ? var.d${i} : var.e${i})`, ' && ')}) ? "a" : "b"`),
  '60 nested conditionals': () => bucketHcl(`${times(60, (i) => `var.c${i} ? "a${i}" : (`)}"x"${')'.repeat(60)}`),
  'range of a billion': () => bucketHcl('join(",", range(1000000000))'),
  'range by a tiny step': () => bucketHcl('join(",", [for x in range(0, 1, 0.0000001) : x])'),
  'format of a million blanks': () => bucketHcl('format("%1000000000s", "x")'),
  'format of many widths': () =>
    bucketHcl(`format("${'%999999s'.repeat(many(1_000))}", ${times(many(1_000), () => '"x"', ', ')})`),
  'format of many digits': () => bucketHcl('format("%.999999999f", 1.5)'),
  'setproduct of a trillion': () =>
    locals(`  l = [${times(100, (i) => `"${i}"`, ', ')}]\n`) +
    bucketHcl('setproduct(local.l, local.l, local.l, local.l, local.l, local.l)'),
  'loops in loops': () =>
    locals(`  l = [${times(100, (i) => `"${i}"`, ', ')}]\n`) +
    bucketHcl(
      `[for a in local.l : [for b in local.l : [for c in local.l : [for d in local.l : "\${a}\${b}\${c}\${d}"]]]]`,
    ),
  'loops over objects in objects': () =>
    locals(`  l = {${times(100, (i) => `k${i} = ${i}`, ', ')}}\n`) +
    bucketHcl(
      `{for a, x in local.l : a => {for b, y in local.l : b => {for c, z in local.l : c => "\${x}\${y}\${z}"}}}`,
    ),
  'cidrsubnets of millions': () =>
    bucketHcl('cidrsubnet("::/0", 100, 99999999999999999999)') +
    locals(
      `  a = cidrsubnets("0.0.0.0/0", ${times(many(5_000), () => '32', ', ')})\n  b = [for i in range(1000) : cidrhost("10.0.0.0/8", i)]\n`,
    ),
  'count of a billion': () =>
    `resource "aws_s3_bucket" "b" {\n  count = 1000000000\n  bucket = "b\${count.index}"\n}\n`,
  'for_each of 100,000': () =>
    `resource "aws_s3_bucket" "b" {\n  for_each = toset([${times(many(100_000), (i) => `"${i}"`, ',')}])\n  bucket = each.key\n}\n`,
  'dynamic blocks in dynamic blocks': () =>
    `${locals(`  l = [${times(100, (i) => `"${i}"`, ', ')}]\n`)}resource "aws_security_group" "g" {\n${nest('dynamic "ingress" {\nfor_each = local.l\ncontent {\n', '}\n}\n', 25, 'from_port = ingress.value\n')}}\n`,
  '1,000 dynamic blocks': () =>
    `${locals(`  l = [${times(100, (i) => `"${i}"`, ', ')}]\n`)}resource "aws_security_group" "g" {\n${'dynamic "ingress" {\nfor_each = local.l\ncontent {\nfrom_port = ingress.value\ncidr_blocks = ["0.0.0.0/0"]\n}\n}\n'.repeat(many(1_000))}}\n`,
  'cyclic locals': () =>
    locals(
      times(many(1_000), (i) => `  a${i} = "\${local.a${(i + 1) % many(1_000)}}\${local.a${(i + 7) % many(1_000)}}"\n`),
    ) + bucketHcl('local.a0'),
  'a local that is itself': () =>
    locals('  a = local.a\n  b = [local.b]\n  c = { x = local.c }\n  d = local.d.x[local.d]\n') +
    bucketHcl('"${local.a}${local.b}${local.c.x.x.x}${local.d}"'),
  'cyclic variables': () =>
    `variable "a" {\n  default = var.b\n}\nvariable "b" {\n  default = var.a\n}\n${bucketHcl('var.a')}`,
  'resources in a ring': () =>
    times(
      many(3_000),
      (i) =>
        `resource "aws_s3_bucket" "b${i}" {\n  bucket = aws_s3_bucket.b${(i + 1) % many(3_000)}.bucket\n  depends_on = [aws_s3_bucket.b${(i + 3) % many(3_000)}]\n}\n`,
    ),
  'a chain of 20,000 locals': () =>
    locals(times(many(20_000), (i) => `  a${i} = local.a${i + 1}\n`)) + bucketHcl('local.a0'),
  'a chain of 3,000 resources': () =>
    times(
      many(3_000),
      (i) => `resource "aws_s3_bucket" "b${i}" {\n  bucket = "\${aws_s3_bucket.b${i + 1}.bucket}x"\n}\n`,
    ),
  'jsonencode with all of it': () => policyHcl(`jsonencode(${nest('{ Statement = [', '] }', many(5_000), '1')})`),
  'jsonencode of 5,000 statements': () =>
    policyHcl(
      `jsonencode({ Statement = [${times(many(5_000), (i) => `{ Effect = "Allow", Action = "s3:*a*b*${i}", Resource = "*" }`, ',\n')}] })`,
    ),
  'a heredoc policy of 20,000 brackets': () => policyHcl(`<<EOF\n{"Statement":${'['.repeat(many(20_000))}\nEOF\n`),
  'a heredoc policy of 5,000 statements': () =>
    policyHcl(
      `<<EOF\n{"Statement":[${times(many(5_000), (i) => `{"Effect":"Allow","Action":"s3:*${i}","Resource":"*"}`, ',\n')}]}\nEOF\n`,
    ),
  'jsondecode of 20,000 brackets': () => bucketHcl(`jsondecode("${'['.repeat(many(20_000))}")`),
  'jsondecode in jsonencode, 40 times': () => bucketHcl(nest('jsondecode(jsonencode(', '))', 40, '{ a = [1, 2] }')),
  'jsonencode in jsonencode, 80 times': () => bucketHcl(nest('jsonencode([', '])', 80, '"\\""')),
  'a policy document of 3,000 statements': () =>
    `data "aws_iam_policy_document" "d" {\n${times(many(3_000), (i) => `  statement {\n    actions = ["s3:*${i}"]\n    resources = ["*"]\n  }\n`)}}\n${policyHcl('data.aws_iam_policy_document.d.json')}`,
  'policy documents in a ring': () =>
    `${times(200, (i) => `data "aws_iam_policy_document" "d${i}" {\n  source_policy_documents = [data.aws_iam_policy_document.d${(i + 1) % 200}.json, data.aws_iam_policy_document.d${(i + 7) % 200}.json]\n  statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }\n}\n`)}${policyHcl('data.aws_iam_policy_document.d0.json')}`,
  'policy documents that double': () =>
    `${times(40, (i) => `data "aws_iam_policy_document" "d${i}" {\n  source_policy_documents = [data.aws_iam_policy_document.d${i + 1}.json, data.aws_iam_policy_document.d${i + 1}.json]\n  statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }\n}\n`)}${policyHcl('data.aws_iam_policy_document.d0.json')}`,
  'regular expressions for the backtracking': () =>
    bucketHcl(
      `"\${regex("^(a+)+$", "${'a'.repeat(60)}!")}\${replace("${'a'.repeat(60)}!", "/(a|aa)+$/", "")}\${can(regex("(.*)*x", "${'y'.repeat(many(5_000))}"))}"`,
    ),
  'names of the prototype': () =>
    `variable "__proto__" {\n  default = "x"\n}\nlocals {\n  __proto__ = "y"\n  constructor = { __proto__ = 1, toString = 2 }\n}\nresource "aws_s3_bucket" "__proto__" {\n  bucket = "\${var.__proto__}\${local.constructor.__proto__}\${local.constructor.hasOwnProperty}"\n  __proto__ {\n  }\n}\nresource "__proto__" "constructor" {\n  toString = aws_s3_bucket.__proto__.constructor\n}\nresource "constructor" "__proto__" {}\nmodule "__proto__" {\n  source = "./__proto__"\n}\noutput "constructor" {\n  value = module.__proto__.constructor\n}\ndata "aws_iam_policy_document" "__proto__" {\n  statement {\n    __proto__ = 1\n  }\n}\nprovider "__proto__" {}\nmoved {\n  from = __proto__.constructor\n}\nlocals {\n  f = __proto__("x")\n  g = constructor(1)\n  h = toString()\n  i = hasOwnProperty("a")\n}\n`,
  'numbers of all kinds': () =>
    bucketHcl(
      '[1e999, -1e999, 1e-999, 0x1F, 017, 1., .5, 99999999999999999999999999, 1e, 1e+, 0/0, 1/0, parseint("zz", 99), pow(10, 400), log(0, 0), 5 % 0]',
    ),
  'lone surrogates and controls': () =>
    bucketHcl('"\\ud800 \ud800 \udc00 \u0000 \u202e \\U0010FFFF \\UFFFFFFFF \\u{}"') +
    '\ud800 = 1\n\u0000\n\ufeff\u202ea = 1\n',
  'only carriage returns': () => bucketHcl('"x"').replaceAll('\n', '\r').repeat(many(1_000)),
  'marks of byte order everywhere': () => `\ufeff\ufeff${bucketHcl('"\ufeff"').split(' ').join('\ufeff ')}`,
  'trim of much': () =>
    locals(`  s = "${' '.repeat(many(200_000))}x"\n`) + bucketHcl('trim(trimspace(local.s), "x y")'),
  'split by each': () =>
    locals(`  s = "${'a,'.repeat(many(200_000))}"\n`) +
    bucketHcl('join("-", reverse(sort(distinct(split(",", local.s)))))'),
  'distinct of 5,000': () =>
    locals(`  l = [${times(many(5_000), (i) => `{ a = ${i} }`, ', ')}]\n`) +
    bucketHcl('distinct(concat(local.l, local.l))'),
  'index and contains of 5,000': () =>
    locals(`  l = [${times(many(4_000), (i) => `"${i}"`, ', ')}]\n`) +
    bucketHcl('[for x in local.l : contains(local.l, x) ? index(local.l, x) : setsubtract(local.l, [x])]'),
  'ignore comments of all kinds': () =>
    `${bucketHcl('"x"')}${'#tfsec:ignore:a '.repeat(many(20_000))}\n#checkov:skip=${'CKV_AWS_1,'.repeat(many(50_000))}\n# demarc-ignore ${times(many(50_000), (i) => `r${i}`, ', ')}\n//${' trivy:ignore:'.repeat(many(50_000))}\n`,
});

const ring = (count: number): Attack => ({
  name: `modules: ${count} modules in a ring`,
  sources: () => [
    { uri: 'file:///m/main.tf', text: 'module "m0" {\n  source = "./m0"\n  a = "x"\n}\n' },
    ...Array.from({ length: count }, (_, i) => ({
      uri: `file:///m/m${i}/main.tf`,
      folder: `m${i}`,
      text: `variable "a" {}\nmodule "n" {\n  source = "../m${(i + 1) % count}"\n  a = "\${var.a}\${var.a}"\n}\nmodule "o" {\n  source = "../m${(i + 1) % count}"\n  a = module.n.out\n}\noutput "out" {\n  value = "\${module.n.out}\${module.o.out}"\n}\n${bucketHcl('var.a')}`,
    })),
  ],
});

export const MODULES: readonly Attack[] = [
  ring(1),
  ring(3),
  ring(50),
  {
    name: 'modules: a module that calls itself',
    sources: () => [
      { uri: 'file:///m/main.tf', text: 'module "m" {\n  source = "./"\n}\nmodule "n" {\n  source = "./m"\n}\n' },
      {
        uri: 'file:///m/m/main.tf',
        folder: 'm',
        text: `module "m" {\n  source = "../m"\n}\nmodule "n" {\n  source = "../../m/m"\n}\n${bucketHcl('"x"')}`,
      },
    ],
  },
  {
    name: 'modules: calls that double, 30 levels',
    sources: () => [
      { uri: 'file:///m/main.tf', text: 'module "a" {\n  source = "./m0"\n}\nmodule "b" {\n  source = "./m0"\n}\n' },
      ...Array.from({ length: 30 }, (_, i) => ({
        uri: `file:///m/m${i}/main.tf`,
        folder: `m${i}`,
        text: `module "a" {\n  source = "../m${i + 1}"\n}\nmodule "b" {\n  source = "../m${i + 1}"\n}\n${bucketHcl('"x"')}`,
      })),
    ],
  },
  {
    name: 'modules: 10,000 calls of one module',
    sources: () => [
      {
        uri: 'file:///m/main.tf',
        text: times(many(10_000), (i) => `module "a${i}" {\n  source = "./m"\n  n = "x${i}"\n}\n`),
      },
      { uri: 'file:///m/m/main.tf', folder: 'm', text: `variable "n" {}\n${bucketHcl('var.n')}` },
    ],
  },
  {
    name: 'modules: 2,000 files',
    sources: () =>
      Array.from({ length: many(2_000) }, (_, i) => ({
        uri: `file:///m/f${i}.tf`,
        text: bucketHcl('"x"').replace('"b"', `"b${i}"`),
      })),
  },
  {
    name: 'modules: 50 modules that each call all others',
    sources: () =>
      Array.from({ length: many(50, 20) }, (_, i) => ({
        uri: `file:///m/m${i}/main.tf`,
        ...(i ? { folder: `m${i}` } : {}),
        text: `variable "x" {}\noutput "y" {\n  value = var.x\n}\n${bucketHcl('var.x')}${times(
          many(50, 20),
          (j) =>
            `module "c${j}" {\n  source = "../m${(i + j + 1) % many(50, 20)}"\n  x = module.c${(j + 1) % many(50, 20)}.y\n}\n`,
        )}`,
      })),
  },
  {
    name: 'modules: a call in 1,000 instances',
    sources: () => [
      {
        uri: 'file:///m/main.tf',
        text: 'module "a" {\n  source = "./m"\n  for_each = toset([for i in range(1000) : tostring(i)])\n  n = each.key\n}\n',
      },
      {
        uri: 'file:///m/m/main.tf',
        folder: 'm',
        text: `variable "n" {}\n${times(50, (i) => bucketHcl('var.n').replace('"b"', `"b${i}"`))}`,
      },
    ],
  },
];

export const TF_JSON: readonly Attack[] = attacksOn('hostile.tf.json', {
  '20,000 nested brackets': () => `{"resource":{"aws_s3_bucket":{"b":{"bucket":${'['.repeat(many(20_000))}`,
  '100,000 resources': () =>
    `{"resource":{"aws_s3_bucket":{${times(many(100_000, 1_000), (i) => `"b${i}":{}`, ',')}}}}`,
  '5,000 resources': () =>
    `{"resource":{"aws_s3_bucket":{${times(many(5_000), (i) => `"b${i}":{"bucket":"b${i}","acl":"public-read"}`, ',')}}}}`,
  'a template of 20,000 openings': () =>
    `{"resource":{"aws_s3_bucket":{"b":{"bucket":"${'${'.repeat(many(20_000))}"}}}}`,
  'a template of 1 MB': () => `{"resource":{"aws_s3_bucket":{"b":{"bucket":"${'${a.b}'.repeat(many(160_000))}"}}}}`,
  'templates in templates': () =>
    `{"resource":{"aws_s3_bucket":{"b":{"bucket":${JSON.stringify(nest('${"', '"}', many(5_000), 'x'))}}}}}`,
  'locals that double': () =>
    `{"locals":{"a0":"x",${times(40, (i) => `"a${i + 1}":"\${local.a${i}}\${local.a${i}}"`, ',')}},"resource":{"aws_s3_bucket":{"b":{"bucket":"\${local.a40}"}}}}`,
  'names of the prototype': () =>
    '{"resource":{"__proto__":{"constructor":{"toString":"${local.__proto__}"}},"aws_s3_bucket":{"__proto__":{"bucket":"${__proto__.constructor.x}"}}},"locals":{"__proto__":"${local.__proto__}"},"variable":{"__proto__":{"default":1}},"module":{"__proto__":{"source":"./__proto__"}},"//":{"__proto__":1}}',
  '50,000 ignore remarks': () =>
    `{"resource":{"aws_s3_bucket":{"b":{"//":[${times(many(50_000), (i) => `"demarc-ignore r${i}: x"`, ',')}]}}}}`,
});

const planned = (resources: string, more = ''): string =>
  `{"format_version":"1.2","terraform_version":"1.9.0"${more},"planned_values":{"root_module":{"resources":[${resources}]}},"resource_changes":[],"configuration":{"root_module":{}}}`;
const planResource = (i: number, values = '{"bucket":"x"}'): string =>
  `{"address":"aws_s3_bucket.b${i}","mode":"managed","type":"aws_s3_bucket","name":"b${i}","provider_name":"registry.terraform.io/hashicorp/aws","values":${values}}`;

const PLAN_VALUES = `{"bucket":"x","tags":{${times(8, (i) => `"tag${i}":"some value of a tag, ${i}"`, ',')}},"versioning":[{"enabled":true}],"acl":null,"policy":"{\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":\\"*\\",\\"Action\\":\\"s3:GetObject\\",\\"Resource\\":\\"*\\"}]}"}`;

export const PLANS: readonly Attack[] = attacksOn('plan.json', {
  '30,000 resources': () => planned(times(many(30_000), (i) => planResource(i), ',')),
  'resources of 10 MB': () => planned(times(many(10_000), (i) => planResource(i, PLAN_VALUES), ',')),
  'changes of 10 MB': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[${times(many(4_000), (i) => planResource(i, PLAN_VALUES), ',')}]}},"resource_changes":[${times(
      many(4_000),
      (i) =>
        `{"address":"aws_s3_bucket.b${i}","mode":"managed","type":"aws_s3_bucket","name":"b${i}","change":{"actions":["update"],"before":${PLAN_VALUES},"after":${PLAN_VALUES}}}`,
      ',',
    )}]}`,
  'numbers of 10 MB': () => planned(planResource(1, `{"a":[${'1,'.repeat(5 * LARGE)}1]}`)),
  'brackets of 10 MB': () => `{"format_version":"1.2","planned_values":${'['.repeat(10 * LARGE)}`,
  'blanks of 60 MB': () => `${planned(planResource(1))}${' '.repeat(60 * LARGE)}`,
  '20,000 modules deep': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":${'{"child_modules":['.repeat(many(20_000))}`,
  '100 modules deep': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":${nest('{"child_modules":[', ']}', 100, `{"resources":[${planResource(1)}]}`)}}}`,
  'values 200 deep': () => planned(planResource(1, nest('{"a":[', ']}', 120, '1'))),
  '100,000 values': () => planned(planResource(1, `{${times(many(100_000), (i) => `"k${i}":1`, ',')}}`)),
  'references in a ring': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[${times(many(1_000), (i) => planResource(i, '{}'), ',')}]}},"configuration":{"root_module":{"resources":[${times(
      many(1_000),
      (i) =>
        `{"address":"aws_s3_bucket.b${i}","mode":"managed","type":"aws_s3_bucket","name":"b${i}","expressions":{"bucket":{"references":["aws_s3_bucket.b${(i + 1) % many(1_000)}.bucket","aws_s3_bucket.b${(i + 1) % many(1_000)}"]}}}`,
      ',',
    )}]}}}`,
  'module calls in a ring of names': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[${planResource(1)}]}},"configuration":{"root_module":${nest(
      '{"module_calls":{"a":{"expressions":{"x":{"references":["module.a.x","module.a"]}},"module":',
      '}}}',
      60,
      '{"resources":[{"address":"aws_s3_bucket.b1","mode":"managed","type":"aws_s3_bucket","name":"b1","expressions":{"bucket":{"references":["var.x"]}}}]}',
    )}}}`,
  '30,000 changes': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[${times(many(10_000), (i) => planResource(i), ',')}]}},"resource_changes":[${times(
      many(10_000),
      (i) =>
        `{"address":"aws_s3_bucket.b${i}","type":"aws_s3_bucket","name":"b${i}","change":{"actions":["update"],"before":{"bucket":"y"},"after":{"bucket":"x"}}}`,
      ',',
    )}]}`,
  'names of the prototype': () =>
    `{"format_version":"1.2","terraform_version":"1.9.0","__proto__":1,"planned_values":{"root_module":{"resources":[{"address":"__proto__.constructor","mode":"managed","type":"__proto__","name":"constructor","values":{"__proto__":{"a":1},"toString":2}}]}},"resource_changes":[{"address":"__proto__","change":{"actions":["__proto__"],"before":{"__proto__":1},"after":null}}],"configuration":{"root_module":{"module_calls":{"__proto__":{"module":{"resources":[{"address":"constructor"}]}}}}}}`,
});
