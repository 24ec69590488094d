using System;
using System.Collections.Generic;
using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

/// <summary>A random product with every operand in its own guarded memory, and its value computed in float64.</summary>
internal sealed unsafe class GemmProblem : IDisposable
{
    private const int Guard = 64;
    private const float GuardValue = 12345.5f;

    private readonly Random _random;
    private readonly int _gap;
    private readonly List<(NativeBuffer Buffer, int Rows, int Columns, int Stride)> _matrices = [];

    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the inner products.</param>
    /// <param name="transposeA">Store A as [k, m].</param>
    /// <param name="transposeB">Store B as [n, k].</param>
    /// <param name="gap">Floats between the end of a row and the next.</param>
    public GemmProblem(int m, int n, int k, bool transposeA = false, bool transposeB = false, int gap = 0)
    {
        _random = new Random(HashCode.Combine(17, m, n, k));
        _gap = gap;
        Args = new GemmArgs
        {
            A = Matrix("A", transposeA ? k : m, transposeA ? m : k),
            B = Matrix("B", transposeB ? n : k, transposeB ? k : n),
            C = Matrix("C", m, n),
            TransposeA = transposeA,
            TransposeB = transposeB,
        };
    }

    public GemmArgs Args { get; set; }

    public TensorRef Matrix(string name, int rows, int columns)
    {
        int stride = columns + _gap;
        NativeBuffer buffer = new(name, (Guard + ((long)rows * stride) + Guard) * sizeof(float));
        Span<float> all = new(buffer.Address, (int)(buffer.ByteLength / sizeof(float)));
        all.Fill(GuardValue);
        for (int i = 0; i < rows; i++)
        {
            foreach (ref float element in all.Slice(Guard + (i * stride), columns))
            {
                element = (_random.NextSingle() * 2) - 1;
            }
        }

        _matrices.Add((buffer, rows, columns, stride));
        return new TensorRef(buffer, Guard * sizeof(float), DType.F32, new Shape(rows, columns), stride, name);
    }

    public TensorRef Vector(string name, int length) => Matrix(name, 1, length).SliceRows(0, 1);

    /// <summary>Rounding errors of float32 sums of K products of numbers in -1 to 1 grow like a random walk.</summary>
    public static double Tolerance(int k) => 1e-6 * Math.Sqrt(k + 4.0);

    public static float[] Read(TensorRef tensor)
    {
        float[] values = new float[tensor.ElementCount];
        float* first = (float*)(((HostMemory)tensor.Buffer!).Address + tensor.ByteOffset);
        for (int i = 0; i < tensor.Rows; i++)
        {
            new ReadOnlySpan<float>(first + ((long)i * tensor.RowStride), tensor.Columns).CopyTo(values.AsSpan(i * tensor.Columns));
        }

        return values;
    }

    /// <summary>C and, if asked for, the pre-activation, in float64, from the operands as they are now.</summary>
    public (double[] C, double[] PreActivation) Expected()
    {
        GemmArgs args = Args;
        (int m, int n, int k) = (args.M, args.N, args.K);
        float[] a = args.TransposeA ? Transpose(Read(args.A), k, m) : Read(args.A);
        float[] b = args.TransposeB ? Read(args.B) : Transpose(Read(args.B), k, n);
        float[] c = Read(args.C);
        float[]? bias = args.Bias.IsNone ? null : Read(args.Bias);
        float[]? gradientInput = args.ActivationGradientInput.IsNone ? null : Read(args.ActivationGradientInput);
        float[]? residual = args.Residual.IsNone ? null : Read(args.Residual);
        double[] result = new double[c.Length];
        double[] preActivation = new double[c.Length];
        for (int at = 0; at < c.Length; at++)
        {
            double sum = Dot(a.AsSpan(at / n * k, k), b.AsSpan(at % n * k, k));
            sum += (args.Accumulate ? c[at] : 0) + (bias?[at % n] ?? 0);
            preActivation[at] = sum;
            sum = ScalarActivation.Value(args.Activation, sum);
            sum *= gradientInput is null ? 1 : ScalarActivation.Slope(args.ActivationGradient, gradientInput[at]);
            result[at] = sum + (residual?[at] ?? 0);
        }

        return (result, preActivation);
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }

    private static float[] Transpose(float[] matrix, int rows, int columns)
    {
        float[] transposed = new float[matrix.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            transposed[(i % columns * rows) + (i / columns)] = matrix[i];
        }

        return transposed;
    }

    /// <summary>Runs the product and compares everything it may and may not have written.</summary>
    public void RunAndCompare(IBackend backend)
    {
        (double[] c, double[] preActivation) = Expected();
        RunAndCompare(backend, c, preActivation);
    }

    public void RunAndCompare(IBackend backend, double[] c, double[] preActivation)
    {
        backend.Gemm(Args);
        double tolerance = Tolerance(Args.K);
        AssertClose(c, Read(Args.C), tolerance);
        if (!Args.PreActivation.IsNone)
        {
            AssertClose(preActivation, Read(Args.PreActivation), tolerance);
        }

        AssertGuardsIntact();
    }

    public static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
            {
                Assert.Fail($"Element {i}: expected {expected[i]:R}, found {actual[i]:R}, tolerance {tolerance:R}.");
            }
        }
    }

    public void AssertGuardsIntact()
    {
        foreach ((NativeBuffer buffer, int rows, int columns, int stride) in _matrices)
        {
            Span<float> all = new(buffer.Address, (int)(buffer.ByteLength / sizeof(float)));
            for (int i = 0; i < all.Length; i++)
            {
                int inside = i - Guard;
                bool isElement = inside >= 0 && inside < rows * stride && inside % stride < columns;
                if (!isElement && all[i] != GuardValue)
                {
                    Assert.Fail($"Memory of '{buffer.Name}' was overwritten outside the matrix at float {inside}.");
                }
            }
        }
    }

    public void Dispose()
    {
        foreach ((NativeBuffer buffer, _, _, _) in _matrices)
        {
            buffer.Dispose();
        }
    }
}
