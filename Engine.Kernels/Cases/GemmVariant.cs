using System.Collections.Generic;
using System.Globalization;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>The options of one product, from which its case follows.</summary>
internal sealed record GemmVariant
{
    public required int M { get; init; }

    public required int N { get; init; }

    public required int K { get; init; }

    public bool TransposeA { get; init; }

    public bool TransposeB { get; init; }

    /// <summary>Dtype of B; null for the compute type.</summary>
    public DType? StoredB { get; init; }

    public bool Accumulate { get; init; }

    public bool Bias { get; init; }

    public Activation Activation { get; init; }

    public bool KeepPreActivation { get; init; }

    public Activation ActivationGradient { get; init; }

    public GemmResidual Residual { get; init; }

    public int Gap { get; init; }

    public bool Unaligned { get; init; }

    public bool IsLarge { get; init; }

    public OpCase ToCase() => new()
    {
        Op = "Gemm",
        Name = Describe(),
        Operands = [.. Operands()],
        Call = (backend, t) => backend.Gemm(Args(t)),
        Product = Args,
        Flops = 2.0 * M * N * K,
        Unaligned = Unaligned,
        IsLarge = IsLarge,
    };

    private IEnumerable<OperandSpec> Operands()
    {
        // Every matrix has its own row stride, so that mixing them up shows. A gap of zero stays zero.
        int Distinct(int extra) => Gap == 0 ? 0 : Gap + extra;
        yield return Input("a", TransposeA ? new Shape(K, M) : new Shape(M, K), gap: Distinct(0));
        yield return Input("b", TransposeB ? new Shape(N, K) : new Shape(K, N), gap: Distinct(1)) with { Stored = StoredB };
        yield return Result("c", new Shape(M, N), Accumulate || Residual == GemmResidual.InPlace, Distinct(2));
        if (Bias)
        {
            yield return Input("bias", new Shape(N));
        }

        if (KeepPreActivation)
        {
            yield return Output("preActivation", new Shape(M, N), Distinct(3));
        }

        if (ActivationGradient != Activation.None)
        {
            yield return Input("gradientInput", new Shape(M, N), gap: Distinct(4));
        }

        if (Residual == GemmResidual.Separate)
        {
            yield return Input("residual", new Shape(M, N), gap: Distinct(5));
        }
    }

    private GemmArgs Args(CaseOperands t) => new()
    {
        A = t["a"],
        B = t["b"],
        C = t["c"],
        TransposeA = TransposeA,
        TransposeB = TransposeB,
        Accumulate = Accumulate,
        Bias = t.Optional("bias"),
        Activation = Activation,
        PreActivation = t.Optional("preActivation"),
        ActivationGradient = ActivationGradient,
        ActivationGradientInput = t.Optional("gradientInput"),
        Residual = Residual == GemmResidual.InPlace ? t["c"] : t.Optional("residual"),
    };

    private string Describe()
    {
        List<string> words =
        [
            $"{(TransposeA ? 't' : 'n')}{(TransposeB ? 't' : 'n')}",
            string.Create(CultureInfo.InvariantCulture, $"{M}x{N}x{K}"),
        ];
        void Add(bool condition, string word)
        {
            if (condition)
            {
                words.Add(word);
            }
        }

        Add(StoredB is not null, $"b {StoredB}");
        Add(Accumulate, "accumulate");
        Add(Bias, "bias");
        Add(Activation != Activation.None, Activation.ToString());
        Add(KeepPreActivation, "pre-activation");
        Add(ActivationGradient != Activation.None, $"gradient of {ActivationGradient}");
        Add(Residual == GemmResidual.Separate, "residual");
        Add(Residual == GemmResidual.InPlace, "residual in place");
        Add(Gap > 0, "gaps");
        Add(Unaligned, "unaligned");
        return string.Join(' ', words);
    }
}
