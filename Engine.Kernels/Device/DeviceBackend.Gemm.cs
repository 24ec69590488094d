using ILGPU;

namespace Engine.Kernels.Device;

/// <content>Matrix products.</content>
internal sealed partial class DeviceBackend
{
    /// <inheritdoc/>
    public void Gemm(in GemmArgs args)
    {
        Precision precision = args.K == 0 ? Precision.Float32 : Info.Precision;
        Gemm(args, HasFewRows(args, precision)
            ? GemmPlan.ForFewRows(args.N, args.K, args.B.DType, !args.TransposeB, _traits.Multiprocessors, precision)
            : GemmPlan.Choose(args.M, args.N, args.K, _traits.Multiprocessors, precision, _traits.MaxDynamicSharedBytes));
    }

    /// <summary>A product with a plan of the caller's.</summary>
    public void Gemm(in GemmArgs args, in GemmPlan plan)
    {
        args.Validate();
        if (args.M == 0 || args.N == 0)
        {
            return;
        }

        TensorRef a = args.A;
        TensorRef b = args.B;
        ArrayView<float> partials = GemmScratch(plan, args.M, args.N, ref a, ref b);
        GemmKernelArgs whole = KernelArgs(args, a, b);
        whole.SliceDepth = plan.SliceDepth;
        if (plan.Slices == 1)
        {
            LaunchGemm(plan, whole, b.DType);
        }
        else
        {
            GemmInSlices(plan, whole, b.DType, partials);
        }
    }

    /// <summary>The arguments that all kernels of a product take, k in one slice.</summary>
    public GemmKernelArgs KernelArgs(in GemmArgs args) => KernelArgs(args, args.A, args.B);

    private GemmKernelArgs KernelArgs(in GemmArgs args, in TensorRef a, in TensorRef b) => new()
    {
        A = Operand(a, hasDepthAsRows: args.TransposeA),
        B = Operand(b, hasDepthAsRows: !args.TransposeB),
        Epilogue = Epilogue(args),
        Depth = args.K,
        SliceDepth = args.K,
    };

    /// <inheritdoc/>
    public void SumRows(TensorRef x, TensorRef sums, bool accumulate = false)
    {
        OperandCheck check = new("SumRows", x.DType);
        check.Matrix(nameof(x), x, x.Rows, x.Columns);
        check.Vector(nameof(sums), sums, x.Columns);
        int blocks = (int)(((long)x.Rows + SumRowsKernelArgs.BlockRows - 1) / SumRowsKernelArgs.BlockRows);
        bool isOnePass = blocks == 1 && !accumulate;
        ArrayView<float> partials = isOnePass ? Floats(sums) : Scratch((long)blocks * x.Columns);
        SumRowsKernelArgs kernel = new()
        {
            X = Floats(x),
            Y = partials,
            XStride = x.RowStride,
            Rows = x.Rows,
            Columns = x.Columns,
            Blocks = blocks,
        };
        if (AreRowsAligned(x, sums))
        {
            SumRowsKernel<VectorAccess>.Launch(_launcher, kernel);
        }
        else
        {
            SumRowsKernel<ScalarAccess>.Launch(_launcher, kernel);
        }

        if (!isOnePass)
        {
            SumBlocks(partials, x.Columns, blocks, sums, accumulate);
        }
    }

    /// <summary>Whether there is a kernel for few rows. Several rows that have to be rounded are left to tensor cores: to round them
    /// anew for every column takes longer than to read the weights.</summary>
    private static bool HasFewRows(in GemmArgs args, Precision precision) =>
        args.M <= FewRowsLauncher.MostRows
        && args.K > 0
        && !args.TransposeA
        && (args.M == 1 || precision == Precision.Float32)
        && IsReadInVectors(args.A)
        && IsReadInVectors(args.B);

    private static bool IsReadInVectors(in TensorRef matrix) =>
        matrix.Columns % Float4.Width == 0
        && (matrix.Rows == 1 ? matrix.ByteOffset % TensorAlignment == 0 : IsReadable(matrix, matrix.DType));

    private void LaunchGemm(in GemmPlan plan, in GemmKernelArgs args, DType stored)
    {
        if (plan.Tile == GemmTileShape.FewRows)
        {
            FewRowsLauncher.Launch(_launcher, plan, args, stored, _traits.HasShuffles);
        }
        else if (plan.Precision == Precision.Float32)
        {
            TiledGemmLauncher.Launch(_launcher, plan, args, stored);
        }
        else
        {
            TensorGemmLauncher.Launch(_launcher, plan, args);
        }
    }

    private static int SliceStride(int columns) => (columns + Float4.Width - 1) / Float4.Width * Float4.Width;

    private void GemmInSlices(in GemmPlan plan, GemmKernelArgs args, DType stored, ArrayView<float> partials)
    {
        GemmEpilogue epilogue = args.Epilogue;
        int rows = args.A.Rows;
        int stride = SliceStride(epilogue.Columns);
        long sliceElements = (long)rows * stride;
        args.Epilogue = new GemmEpilogue
        {
            C = partials,
            Bias = epilogue.Bias,
            PreActivation = epilogue.PreActivation,
            GradientInput = epilogue.GradientInput,
            Residual = epilogue.Residual,
            CStride = stride,
            Columns = stride,
            IsAligned = 1,
        };
        args.SliceElements = sliceElements;
        LaunchGemm(plan, args, stored);
        GemmSliceSumKernel.Launch(_launcher, new()
        {
            Partials = partials,
            Epilogue = epilogue,
            Stride = stride,
            Rows = rows,
            Slices = plan.Slices,
            SliceElements = sliceElements,
        });
    }

    private GemmOperand Operand(in TensorRef matrix, bool hasDepthAsRows) => new()
    {
        Bytes = Bytes(matrix),
        RowStep = hasDepthAsRows ? 1 : matrix.RowStride,
        DepthStep = hasDepthAsRows ? matrix.RowStride : 1,
        Rows = hasDepthAsRows ? matrix.Columns : matrix.Rows,
        IsAligned = matrix.Columns % Float4.Width == 0 && HasAlignedRows(matrix) ? 1 : 0,
    };

    private GemmEpilogue Epilogue(in GemmArgs args) => new()
    {
        C = Floats(args.C),
        Bias = Floats(args.Bias),
        PreActivation = Floats(args.PreActivation),
        GradientInput = Floats(args.ActivationGradientInput),
        Residual = Floats(args.Residual),
        CStride = args.C.RowStride,
        PreActivationStride = args.PreActivation.RowStride,
        GradientInputStride = args.ActivationGradientInput.RowStride,
        ResidualStride = args.Residual.RowStride,
        Columns = args.N,
        Accumulates = args.Accumulate ? 1 : 0,
        HasBias = args.Bias.IsNone ? 0 : 1,
        KeepsPreActivation = args.PreActivation.IsNone ? 0 : 1,
        HasResidual = args.Residual.IsNone ? 0 : 1,
        Activation = (int)args.Activation,
        ActivationGradient = (int)args.ActivationGradient,
        IsAligned = AreAligned(args.C, args.Bias, args.PreActivation, args.ActivationGradientInput, args.Residual) != 0
            && HasAlignedRows(args.C) && HasAlignedRows(args.PreActivation)
            && HasAlignedRows(args.ActivationGradientInput) && HasAlignedRows(args.Residual) ? 1 : 0,
    };

    /// <summary>True if every row begins at a multiple of four elements. So do the rows of "no tensor".</summary>
    private static bool HasAlignedRows(in TensorRef matrix) =>
        matrix.ByteOffset % (Float4.Width * matrix.DType.SizeInBytes()) == 0 && (matrix.RowStride % Float4.Width == 0 || matrix.Rows <= 1);
}
