import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brief, moduleOf, resourceOf } from './terraform-support.ts';

const REST = `
variable "open" {}
variable "on" { default = true }
variable "list" { default = ["b", "a"] }
variable "none" { default = null }
resource "aws_s3_bucket" "b" {}
`;

/** The value of an expression, written in HCL. */
function value(expression: string): unknown {
  const template = moduleOf({ 'main.tf': `${REST}resource "aws_x" "y" {\n  value = ${expression}\n}\n` });
  const property = resourceOf(template, 'aws_x.y').properties.get('value');
  return property && brief(property.value);
}

function choice(whenTrue: unknown, whenFalse: unknown): unknown {
  return {
    choice: [
      ['var.on', whenTrue],
      ['not var.on', whenFalse],
    ],
  };
}

const ARN = '<aws_s3_bucket.b arn>';

const table: [string, unknown][] = [
  // Text
  ['format("%05d|%-3s|%3s|%q|%t", 1, "a", "b", "c", true)', '00001|a  |  b|"c"|true'],
  ['format("%.2f %+d %%", 1.5, 3)', '1.50 +3 %'],
  ['format("%s/*", aws_s3_bucket.b.arn)', `{${ARN}}/*`],
  ['format("%s-%s", "a")', '?'],
  ['format("%x", 255)', '?'],
  ['format(var.open, 1)', '?'],
  ['formatlist("%s-%s", ["a", "b"], "z")', ['a-z', 'b-z']],
  ['formatlist("%s", var.open)', '?'],
  ['title("hello big world")', 'Hello Big World'],
  ['title(var.open)', '?'],
  ['trim("?!hi!?", "!?")', 'hi'],
  ['trimprefix("abc", "a")', 'bc'],
  ['trimsuffix("abc", "c")', 'ab'],
  ['trimspace(" a ")', 'a'],
  ['chomp("a\\n\\n")', 'a'],
  ['substr("hello", 1, 3)', 'ell'],
  ['substr("hello", -3, -1)', 'llo'],
  ['substr(var.open, 0, 1)', '?'],
  ['replace("a-b-c", "/-/", "")', 'abc'],
  ['replace("abc", "/(a|b)+/", "x")', '?'],
  ['replace(data.aws_iam_policy_document.d.json, "a", "b")', '?'],
  ['startswith("arn:aws", "arn:")', true],
  ['endswith("a.json", ".yaml")', false],
  ['strcontains("abc", "b")', true],
  ['strcontains(var.open, "b")', '?'],
  ['strrev("abc")', 'cba'],
  ['indent(2, "a\\nb")', 'a\n  b'],
  ['basename("/a/b.txt")', 'b.txt'],
  ['upper(lower("Ab"))', 'AB'],
  ['join("-", [var.on ? "a" : "b", "c"])', choice('a-c', 'b-c')],
  ['regex("a", "a")', '?'],
  ['file("x")', '?'],
  ['templatefile("x", {})', '?'],
  ['uuid()', '?'],
  ['no_such_function(1)', '?'],
  // Numbers
  ['[abs(-1), ceil(1.2), floor(1.8), max(1, 3, 2), min([4, 2]...), pow(2, 3), signum(-5)]', [1, 2, 1, 3, 2, 8, -1]],
  ['max(1, var.open)', '?'],
  ['log(0, 2)', '?'],
  ['sum([1, 2.5])', 3.5],
  ['sum(var.open)', '?'],
  ['parseint("ff", 16)', 255],
  ['try(parseint("zz", 10), "no")', 'no'],
  ['range(3)', [0, 1, 2]],
  ['range(1, 8, 3)', [1, 4, 7]],
  ['range(3, 0)', [3, 2, 1]],
  ['range(1, 100000)', '?'],
  ['can(range(0, 3, -1))', false],
  ['length("e\\u0301x")', 2],
  ['format("%.1f", 2.25)', '?'],
  ['title("o\'neil x_y")', "O'Neil X_y"],
  ['cidrsubnet("10.0.0.0/8", 8, 1)', '10.1.0.0/16'],
  ['cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', 'fd00:fd12:3456:7800:a200::/72'],
  ['cidrsubnet("10.0.0.0/8", 8, 256)', '?'],
  ['cidrsubnet(var.open, 8, 1)', '?'],
  ['cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)', ['10.1.0.0/20', '10.1.16.0/20', '10.1.32.0/24', '10.1.48.0/20']],
  ['cidrhost("10.12.112.0/20", 16)', '10.12.112.16'],
  ['cidrhost("10.12.112.0/20", -1)', '10.12.127.255'],
  ['cidrnetmask("172.16.0.0/12")', '255.240.0.0'],
  ['cidrnetmask("fd00::/8")', '?'],
  // Collections
  ['merge({ a = 1 }, var.on ? { b = 2 } : {})', choice({ a: 1, b: 2 }, { a: 1 })],
  ['merge([{ a = 1 }, { b = 2 }]...)', { a: 1, b: 2 }],
  ['merge([for x in var.list : { (x) = 1 }]...)', { b: 1, a: 1 }],
  ['flatten([var.on ? ["a"] : [], ["b"]])', choice(['a', 'b'], ['b'])],
  ['compact([var.on ? "a" : "", "b"])', choice(['a', 'b'], ['b'])],
  ['concat(var.on ? ["a"] : [], ["b"])', choice(['a', 'b'], ['b'])],
  ['contains(var.list, "a") ? "yes" : "no"', choiceOf('contains(var.list, "a")', 'yes', 'no')],
  ['slice(["a", "b", "c"], 1, 3)', ['b', 'c']],
  ['slice(["a"], 0, 3)', '?'],
  ['slice(var.open, 0, 1)', '?'],
  ['sort(["b", "a"])', ['a', 'b']],
  ['sort(var.open)', '?'],
  ['reverse([1, 2])', [2, 1]],
  ['index(["a", "b"], "b")', 1],
  ['index(["a"], "z")', '?'],
  ['chunklist(["a", "b", "c"], 2)', [['a', 'b'], ['c']]],
  ['zipmap(["a", "b"], [1, aws_s3_bucket.b.arn])', { a: 1, b: ARN }],
  ['zipmap(["a"], [1, 2])', '?'],
  ['setintersection(["a", "b"], ["b", "c"])', ['b']],
  ['setsubtract(["a", "b"], ["b"])', ['a']],
  ['setsubtract(["a"], var.open)', '?'],
  ['setunion(["a"], ["a", "b"])', ['a', 'b']],
  [
    'setproduct(["a", "b"], [1])',
    [
      ['a', 1],
      ['b', 1],
    ],
  ],
  ['tolist(toset(["b", "a", "b"]))', ['a', 'b']],
  ['alltrue([true, "true"])', true],
  ['anytrue([false, var.on])', true],
  ['anytrue([false, var.open])', '?'],
  ['coalesce(null, "x")', 'x'],
  ['coalesce(var.none, "x")', 'x'],
  ['coalesce(var.open, "x")', '?'],
  ['coalescelist([], ["a"])', ['a']],
  ['lookup({ a = 1 }, "a", 0)', 1],
  ['lookup({ a = 1 }, "b", 0)', 0],
  ['one([for x in var.list : x if x == "a"])', 'a'],
  ['one(aws_s3_bucket.b[*].arn)', ARN],
  ['aws_s3_bucket.b["x"].arn', ARN],
  ['aws_s3_bucket.b[var.open].arn', ARN],
  ['try(aws_s3_bucket.b[0].arn, null)', ARN],
  ['var.list[*]', ['b', 'a']],
  ['var.none[*]', []],
  ['try(var.list[5], "none")', 'none'],
  ['can(var.list[5])', false],
  ['can(var.list[0])', true],
  ['can(var.open.x)', '?'],
  // Encoding and types
  ['jsondecode(jsonencode({ a = [1] })).a[0]', 1],
  ['jsondecode("{")', '?'],
  ['jsondecode(var.open)', '?'],
  ['yamldecode("a: [1, x]\\nb: {c: null}")', { a: [1, 'x'], b: { c: null } }],
  ['yamldecode("a: yes")', { a: '?' }],
  ['yamldecode("a: [")', '?'],
  ['yamldecode(yamlencode({ a = 1 })).a', 1],
  ['yamlencode({ a = 1 })', { a: 1 }],
  ['urlencode("a b/ü!")', 'a+b%2F%C3%BC%21'],
  ['tobool("x")', '?'],
  ['tostring(true)', 'true'],
  ['tomap({ a = 1 })', { a: 1 }],
  ['core::upper("a")', 'A'],
  [
    'provider::aws::arn_parse("arn:aws:iam::123456789012:role/a:b")',
    { partition: 'aws', service: 'iam', region: '', account_id: '123456789012', resource: 'role/a:b' },
  ],
  ['provider::aws::arn_build("aws", "s3", "", "", aws_s3_bucket.b.id)', 'arn:aws:s3:::{<aws_s3_bucket.b id>}'],
  ['provider::aws::arn_parse("x")', '?'],
];

function choiceOf(text: string, whenTrue: unknown, whenFalse: unknown): unknown {
  return {
    choice: [
      [text, whenTrue],
      [`not (${text})`, whenFalse],
    ],
  };
}

describe('terraform functions', () => {
  for (const [written, expected] of table) {
    it(`evaluates ${written}`, () => assert.deepEqual(value(written), expected));
  }

  it('says why a result is not known', () => {
    const why = (expression: string) => {
      const template = moduleOf({ 'main.tf': `${REST}resource "aws_x" "y" {\n  value = ${expression}\n}\n` });
      const found = resourceOf(template, 'aws_x.y').properties.get('value')?.value;
      return found?.kind === 'unknown' ? found.why : undefined;
    };
    assert.equal(why('file("a.json")'), 'a file that Terraform reads');
    assert.equal(why('regex("a", "b")'), 'a regular expression, which is not run');
    assert.equal(why('lower(var.open)'), 'variable open has no default');
    assert.equal(why('md5("a")'), 'md5() is not evaluated');
  });

  it('gives no more than a text can hold', () => {
    const long = `join("", [for a in range(100) : format("%0999d", 0)])`;
    assert.equal(value(`length(${long})`), 99_900);
    assert.equal(value(`replace(${long}, "0", ${long})`), '?');
    assert.equal(value('setproduct(range(1000), range(1000))'), '?');
  });
});
