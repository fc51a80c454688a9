//===- PerceiverAttrs.td - Attributes that levels share ----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_TD
#define PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_TD

include "dialect/Model/PerceiverDialect.td"
include "dialect/Model/TargetAttrs.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Perceiver_Attr<string name, string mnemonic_>
    : AttrDef<PerceiverDialect, name> {
  let mnemonic = mnemonic_;
}

class Perceiver_I32Enum<string name, string summary,
                        list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::mlir::perceiver";
  let genSpecializedAttr = 0;
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def Perceiver_ActivationFunction
    : Perceiver_I32Enum<"ActivationFunction", "a function of each element",
                        [I32EnumAttrCase<"none", 0>,
                         I32EnumAttrCase<"gelu_erf", 1>,
                         I32EnumAttrCase<"gelu_tanh", 2>,
                         I32EnumAttrCase<"quick_gelu", 3>,
                         I32EnumAttrCase<"relu", 4>,
                         I32EnumAttrCase<"relu_squared", 5>,
                         I32EnumAttrCase<"silu", 6>,
                         I32EnumAttrCase<"sigmoid", 7>,
                         I32EnumAttrCase<"tanh", 8>,
                         I32EnumAttrCase<"leaky_relu", 9>,
                         I32EnumAttrCase<"mish", 10>]>;
def Perceiver_ActivationAttr : Perceiver_Attr<"Activation", "activation"> {
  let summary = "a function of each element, perhaps with gates";
  let description = [{
    * `none`: `x`;
    * `gelu_erf`: `0.5 x (1 + erf(x / sqrt 2))` (Hendrycks and Gimpel,
      arXiv 1606.08415);
    * `gelu_tanh`: its approximation
      `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`;
    * `quick_gelu`: `x sigmoid(1.702 x)` (the same paper, section 2);
    * `relu`: `max(x, 0)`; `relu_squared`: `max(x, 0)^2` (So et al.,
      arXiv 2109.08668); `leaky_relu`: `x`, and `0.01 x` where `x < 0`;
    * `sigmoid`: `1 / (1 + e^-x)`; `silu`: `x sigmoid(x)` (Elfwing et al.,
      arXiv 1702.03118); `tanh`;
    * `mish`: `x tanh(ln(1 + e^x))` (Misra, arXiv 1908.08681).

    `gated(f)` halves the columns: `a * f(g)` where `a` is their first half and
    `g` the second (Shazeer, arXiv 2002.05202; its GEGLU is `gated(gelu_erf)`,
    its SwiGLU `gated(silu)`). At -infinity, where `x f(x)` would be NaN, the
    functions have their limit.
  }];
  let parameters = (ins "::mlir::perceiver::Activation":$value);
  let assemblyFormat = "`<` custom<Activation>($value) `>`";
  let returnType = "::mlir::perceiver::Activation";
  let convertFromStorage = "$_self.getValue()";
  let constBuilderCall =
      "::mlir::perceiver::ActivationAttr::get($_builder.getContext(), $0)";
}

def Perceiver_MaskedRows
    : Perceiver_I32Enum<"MaskedRows", "a query row whose keys are all masked",
                        [I32EnumAttrCase<"zero", 0>,
                         I32EnumAttrCase<"uniform", 1>]>;
def Perceiver_MaskedRowsAttr
    : EnumAttr<PerceiverDialect, Perceiver_MaskedRows, "masked_rows"> {
  let description = [{
    * `zero`: the weighted sum is 0 and the log-sum-exp is -inf (DeepMind);
    * `uniform`: every masked score is replaced by -3.4028235e38, so the row is
      the average of all values (Hugging Face).
  }];
  let assemblyFormat = "`<` custom<Choice>($value) `>`";
}

def Perceiver_Algebra
    : Perceiver_I32Enum<"Algebra", "what an attention does with the layers "
                                   "around it",
                        [I32EnumAttrCase<"project", 0>,
                         I32EnumAttrCase<"absorb_keys", 1>,
                         I32EnumAttrCase<"absorb_values", 2>,
                         I32EnumAttrCase<"absorb", 3>,
                         I32EnumAttrCase<"absorb_queries", 4>,
                         I32EnumAttrCase<"absorb_output", 5>,
                         I32EnumAttrCase<"absorb_queries_and_output", 6>]>;
def Perceiver_AlgebraAttr
    : EnumAttr<PerceiverDialect, Perceiver_Algebra, "algebra"> {
  let description = [{
    With rows `n` of `M` keys, the projected keys are `n Wk + bk` and the values
    `n Wv + bv`:
    * `project`: both are computed, for every key;
    * `absorb_keys`: the attention reads `n` itself as its keys, and the weight
      becomes part of the queries;
    * `absorb_values`: it averages `n` itself, and the weight becomes part of
      what follows the attention;
    * `absorb`: both.

    With several heads it is both or none. Where queries are many and keys are
    few, as in decoders, an attention with one head has the mirror image of this.
    With rows `z` of queries `z Wq + bq` and a result `o Wo + bo`:
    * `absorb_queries`: the queries are `z` itself, and the weight becomes part of
      the keys, whose scores get a bias that is made of `bq`;
    * `absorb_output`: the weight of the output becomes part of the values, and
      `bo` is added to their averages;
    * `absorb_queries_and_output`: both.

    See `perceiver-absorb-projections`.
  }];
  let assemblyFormat = "`<` custom<Choice>($value) `>`";
}

/// An operation that obeys `perceiver.algebra`, or hands it on.
def Perceiver_TakesAlgebra : NativeOpTrait<"TakesAlgebra"> {
  let cppNamespace = "::mlir::perceiver";
}

def Perceiver_FourierRecipe
    : Perceiver_I32Enum<"FourierRecipe", "how position tables are rounded",
                        [I32EnumAttrCase<"exact", 0>,
                         I32EnumAttrCase<"torch_f32", 1>,
                         I32EnumAttrCase<"jax_f32", 2>]>;
def Perceiver_FourierRecipeAttr
    : EnumAttr<PerceiverDialect, Perceiver_FourierRecipe, "fourier_recipe"> {
  let assemblyFormat = "`<` custom<Choice>($value) `>`";
}

def Perceiver_FourierLayout
    : Perceiver_I32Enum<"FourierLayout", "order of the position channels",
                        [I32EnumAttrCase<"dm", 0>,
                         I32EnumAttrCase<"axis_major", 1>]>;
def Perceiver_FourierLayoutAttr
    : EnumAttr<PerceiverDialect, Perceiver_FourierLayout, "fourier_layout"> {
  let description = [{
    With `d` axes and `K` bands:
    * `dm`: `[pos_1 .. pos_d | sin axis 1, bands 1..K, sin axis 2, .. | cos
      axis 1, ..]` (DeepMind, Hugging Face);
    * `axis_major`: per axis `[sin 1..K | cos 1..K | pos]`, one axis after the
      other (lucidrains).
  }];
  let assemblyFormat = "`<` custom<Choice>($value) `>`";
}

def Perceiver_FourierSpacing
    : Perceiver_I32Enum<"FourierSpacing", "where the points of an axis are",
                        [I32EnumAttrCase<"inclusive", 0>,
                         I32EnumAttrCase<"fraction", 1>]>;
def Perceiver_FourierSpacingAttr
    : EnumAttr<PerceiverDialect, Perceiver_FourierSpacing, "spacing"> {
  let description = [{
    Point `i` of an axis of `n` points is at
    * `inclusive`: `-1 + 2 i / (n - 1)`, from -1 to 1; a single point at -1
      (positions of whole grids);
    * `fraction`: `-1 + 2 i / n`, which never reaches 1 (DeepMind's and Hugging
      Face's subsampled queries).
  }];
  let assemblyFormat = "`<` custom<Choice>($value) `>`";
}

def Perceiver_FourierTerms
    : I32BitEnumAttr<"FourierTerms", "which columns positions have",
                     [I32BitEnumAttrCaseBit<"raw", 0>,
                      I32BitEnumAttrCaseBit<"sin", 1>,
                      I32BitEnumAttrCaseBit<"cos", 2>]> {
  let cppNamespace = "::mlir::perceiver";
  let genSpecializedAttr = 0;
  let separator = ", ";
}
def Perceiver_FourierTermsAttr
    : EnumAttr<PerceiverDialect, Perceiver_FourierTerms, "terms"> {
  let description = [{
    `#perceiver.terms<raw, sin, cos>`: the positions themselves, the sines and
    the cosines, in the order of the layout.
  }];
  let assemblyFormat = "`<` $value `>`";
}

//===----------------------------------------------------------------------===//
// Strategy
//===----------------------------------------------------------------------===//

def Perceiver_TilingAttr : Perceiver_Attr<"Tiling", "tiling"> {
  let summary = "how an operation is cut into tasks and inner tiles";
  let description = [{
    One size for each loop of the operation's iteration domain; 0 leaves a loop
    whole. `task` cuts the operation into the tasks of a parallel phase;
    `inner` lists the tilings inside a task, from the outermost on;
    `key_split` is the number of keys of one part when an attention is split
    over its keys (0: not split), and `merge` the task sizes of the operation that
    merges the parts (none: a task is a batch entry). A dynamic number of keys is
    split into 16 parts at most, of whole multiples of `key_split`. With `root` the operation is the last of its
    phase: it is not fused into the tasks of those that read it.

    The attribute is strategy. The cost model writes it, or a researcher; passes
    obey it and remove it. It stands on operations that are cut into tasks, no
    size exceeds the iterations of its loop, and no tile cuts through a head or
    a panel. Of an operation that is fused, the task gives way to its reader's.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$task,
                        OptionalParameter<"::mlir::ArrayAttr">:$inner,
                        DefaultValuedParameter<"int64_t", "0">:$keySplit,
                        OptionalArrayRefParameter<"int64_t">:$merge,
                        DefaultValuedParameter<"bool", "false">:$root);
  let assemblyFormat = [{
    `<` `task` `=` custom<Sizes>($task)
    `` custom<TilingOptions>($inner, $keySplit, $merge, $root) `` `>`
  }];
  let builders = [
    AttrBuilder<(ins "::llvm::ArrayRef<int64_t>":$task,
                     CArg<"::mlir::ArrayAttr", "{}">:$inner,
                     CArg<"int64_t", "0">:$keySplit,
                     CArg<"::llvm::ArrayRef<int64_t>", "{}">:$merge,
                     CArg<"bool", "false">:$root), [{
      return $_get($_ctxt, task, inner, keySplit, merge, root);
    }]>];
  let skipDefaultBuilders = 1;
  let genVerifyDecl = 1;
}

#endif // PERCEIVER_DIALECT_MODEL_PERCEIVERATTRS_TD
