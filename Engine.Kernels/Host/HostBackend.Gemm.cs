using System.Numerics;
using System.Runtime.Intrinsics;

namespace Engine.Kernels.Host;

/// <content>Gemm ops.</content>
public sealed unsafe partial class HostBackend
{
    // Elements below which SumRows wakes nobody: some ten microseconds of reading.
    private const long SumRowsInlineElements = 1 << 16;

    /// <inheritdoc/>
    public void Gemm(in GemmArgs args)
    {
        args.Validate();
        GemmOperands operands = Operands(args);
        switch (_isa)
        {
            case HostIsa.Avx512:
                GemmDriver<Avx512Isa, Vector512<float>>.Run(_pool, _workspace, operands);
                break;
            case HostIsa.Avx2:
                GemmDriver<Avx2Isa, Vector256<float>>.Run(_pool, _workspace, operands);
                break;
            default:
                GemmDriver<PortableIsa, Vector<float>>.Run(_pool, _workspace, operands);
                break;
        }
    }

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false)
    {
        OperandCheck check = new("SumRows", x.DType);
        check.Typed(nameof(x), x, DType.F32);
        check.Vector(nameof(sums), sums, x.Columns);
        switch (_isa)
        {
            case HostIsa.Avx512:
                SumRows<Avx512Isa, Vector512<float>>(x, sums, accumulate);
                break;
            case HostIsa.Avx2:
                SumRows<Avx2Isa, Vector256<float>>(x, sums, accumulate);
                break;
            default:
                SumRows<PortableIsa, Vector<float>>(x, sums, accumulate);
                break;
        }
    }

    /// <summary>Addresses and sizes of checked operands.</summary>
    internal static GemmOperands Operands(in GemmArgs args)
    {
        GemmOperands operands = new()
        {
            A = Floats(args.A),
            AStride = args.A.RowStride,
            TransposeA = args.TransposeA,
            B = Describe(args.B),
            BStride = args.B.RowStride,
            TransposeB = args.TransposeB,
            M = args.M,
            N = args.N,
            K = args.K,
            Epilogue = new GemmEpilogue
            {
                C = Floats(args.C),
                CStride = args.C.RowStride,
                Accumulate = args.Accumulate,
                Bias = Floats(args.Bias),
                Activation = args.Activation,
                PreActivation = Floats(args.PreActivation),
                PreActivationStride = args.PreActivation.RowStride,
                Gradient = args.ActivationGradient,
                GradientInput = Floats(args.ActivationGradientInput),
                GradientInputStride = args.ActivationGradientInput.RowStride,
                Residual = Floats(args.Residual),
                ResidualStride = args.Residual.RowStride,
            },
        };
        operands.Epilogue.Simplify();
        return operands;
    }

    private void SumRows<TIsa, TVector>(in TensorRef x, in TensorRef sums, bool accumulate)
        where TIsa : struct, IVectorIsa<TVector>
        where TVector : unmanaged
    {
        int blocks = SumRowsJob<TIsa, TVector>.Blocks(x.Rows);
        float* partials = _workspace.Floats((long)blocks * x.Columns);
        SumRowsJob<TIsa, TVector> job = new(Floats(x), x.RowStride, x.Rows, x.Columns, partials);
        if (x.ElementCount < SumRowsInlineElements)
        {
            WorkerPool.RunInline(blocks, job);
        }
        else
        {
            _pool.Run(blocks, job);
        }

        SumRowsJob<TIsa, TVector>.Reduce(partials, blocks, x.Columns, Floats(sums), accumulate);
    }
}
