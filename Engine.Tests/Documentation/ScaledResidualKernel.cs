using Engine.Bench;
using Engine.Kernels;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;
using ILGPU;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Tests;

/// <summary>
/// y = x + alpha z, element by element over [n]. 2n flops, 12n bytes: memory-bound. One thread per element.
/// </summary>
internal static class ScaledResidualKernel
{
    private const int GroupSize = 256;
    private const float Alpha = 0.5f;

    public static readonly DeviceKernel<Args> Kernel = new("scaled_residual", Run, GroupSize);

    public static readonly KernelOp Op = new("scaled_residual", "y = x + alpha z", static sizes =>
        [new("scalar", "one element per thread", Case(sizes.Count(50_000)))]);

    private static OpCase Case(int count) => new()
    {
        Op = "ScaledResidual",
        Name = $"[{count}]",
        Operands = [Input("x", new Shape(count)), Input("z", new Shape(count)), Output("y", new Shape(count))],
        Call = DeviceCall.Of(Launch, Define),
        Flops = 2.0 * count,
    };

    private static void Run(Args args)
    {
        int i = Grid.GlobalIndex.X;
        if (i < args.Count)
        {
            args.Y[i] = args.X[i] + (args.Alpha * args.Z[i]);
        }
    }

    private static void Launch(DeviceBackend device, CaseOperands t)
    {
        ArrayView<float> y = device.Floats(t["y"]);
        Args args = new() { X = device.Floats(t["x"]), Z = device.Floats(t["z"]), Y = y, Count = (int)y.Length, Alpha = Alpha };
        device.Launcher.Launch(Kernel, LaunchGrid.Of(args.Count, GroupSize), args);
    }

    private static void Define(IBackend reference, CaseOperands t)
    {
        reference.Copy(t["x"], t["y"]);
        reference.Axpy(Alpha, t["z"], t["y"]);
    }

    internal struct Args
    {
        public ArrayView<float> X;
        public ArrayView<float> Z;
        public ArrayView<float> Y;
        public int Count;
        public float Alpha;
    }
}
