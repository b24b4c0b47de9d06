# SYNTAX TEST "source.hcl.terraform.demarc" "Terraform in HCL, on our own grammar"
  /* two
# ^^^^^^ comment.block.hcl
  words */ // one
# ^^^^^ comment.block.hcl
#          ^^^^^^ comment.line.double-slash.hcl - comment.block.hcl
 resource "aws_s3_bucket" "b" { # note
#^^^^^^^^ meta.block.hcl entity.name.type.hcl
#         ^^^^^^^^^^^^^^^ variable.other.enummember.hcl
#                         ^^^ variable.other.enummember.hcl
#                             ^ punctuation.section.block.begin.hcl
#                               ^^^^^^ comment.line.number-sign.hcl
  count  = var.on ? 1 : 0
# ^^^^^ variable.other.readwrite.hcl
#        ^ keyword.operator.assignment.hcl
#          ^^^ variable.language.terraform
#              ^^ variable.other.readwrite.terraform
#                 ^ keyword.operator.terraform
#                   ^ constant.numeric.terraform
  bucket = "${local.prefix}-$${no}-\n-%{if true}x%{endif}"
#          ^ punctuation.definition.string.begin.hcl
#           ^^ string.quoted.double.hcl meta.interpolation.hcl punctuation.definition.template-expression.begin.terraform
#             ^^^^^ variable.language.terraform
#                         ^ punctuation.definition.template-expression.end.terraform
#                           ^^^ constant.character.escape.hcl
#                              ^^ string.quoted.double.hcl - meta.interpolation.hcl
#                                  ^^ constant.character.escape.hcl
#                                       ^^ keyword.control.terraform
#                                          ^^^^ constant.language.terraform
#                                               ^ string.quoted.double.hcl - meta.interpolation.hcl
#                                                  ^^^^^ keyword.control.terraform
  names  = [for k, v in merge({ a = "1" }, { "b" : 2, c : 3 }) : upper(k) if v == null]
#           ^^^ keyword.control.terraform
#                    ^^ keyword.control.terraform
#                       ^^^^^ support.function.terraform
#                               ^ meta.braces.hcl variable.other.readwrite.hcl
#                                    ^ string.quoted.double.hcl
#                                            ^^^ string.quoted.double.hcl
#                                                     ^ meta.braces.hcl variable.other.readwrite.hcl
#                                                                ^^^^^ support.function.terraform
#                                                                              ^^ keyword.operator.terraform
#                                                                                 ^^^^ constant.language.terraform
  other  = data.aws_ami.linux.id == aws_kms_key.k[0].arn
#          ^^^^ variable.language.terraform
#               ^^^^^^^ entity.name.type.resource.terraform
#                             ^^ variable.other.property.terraform
#                                   ^^^^^^^^^^^ entity.name.type.resource.terraform
#                                                    ^^^ variable.other.property.terraform
  lifecycle {
# ^^^^^^^^^ meta.block.hcl meta.block.hcl entity.name.type.hcl
    prevent_destroy = true
#                     ^^^^ constant.language.terraform
  }
# ^ punctuation.section.block.end.hcl
  half   = "not closed
#           ^^^^^^^^^^ string.quoted.double.hcl
  next   = 1
# ^^^^ variable.other.readwrite.hcl - string
  text   = <<-END
#          ^^^ keyword.operator.heredoc.hcl
#             ^^^ keyword.control.heredoc.hcl
    a "quoted ${var.x} word # no comment
#      ^^^^^^ string.unquoted.heredoc.hcl
#               ^^^ meta.interpolation.hcl variable.language.terraform
#                           ^^^^ string.unquoted.heredoc.hcl - comment
  END
# ^^^ keyword.control.heredoc.hcl
  after  = 1
# ^^^^^ variable.other.readwrite.hcl - string
 }
#^ punctuation.section.block.end.hcl
 variable "x" {
#^^^^^^^^ entity.name.type.hcl
  type = list(object({ a = optional(string) }))
# ^^^^ variable.other.readwrite.hcl
#        ^^^^ storage.type.hcl
#             ^^^^^^ storage.type.hcl
#                          ^^^^^^^^ storage.type.hcl
#                                   ^^^^^^ storage.type.hcl
 }
#^ punctuation.section.block.end.hcl
