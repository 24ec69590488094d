using System;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace Engine.Tests;

/// <summary>Cases of products for backends that round operands: the reference gets operands rounded before.</summary>
internal static class RoundedProducts
{
    /// <summary>The same case; what the reference multiplies is rounded.</summary>
    public static OpCase Rounded(this OpCase opCase, Precision precision) => new()
    {
        Op = opCase.Op,
        Name = opCase.Name,
        Operands = opCase.Operands,
        Call = (backend, operands) =>
        {
            if (backend.Info.Kind == BackendKind.Reference)
            {
                GemmArgs product = opCase.Product!(operands);
                Round(backend, product.A, precision);
                Round(backend, product.B, precision);
            }

            opCase.Call(backend, operands);
        },
        Unaligned = opCase.Unaligned,
    };

    /// <summary>A float32 rounded as operands are.</summary>
    public static float Round(float value, Precision precision) => precision switch
    {
        Precision.BFloat16 => DTypes.WidenBFloat16(DTypes.NarrowToBFloat16(value)),
        Precision.TensorFloat32 => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x1000u) & 0xFFFFE000u),
        _ => value,
    };

    private static void Round(IBackend backend, TensorRef matrix, Precision precision)
    {
        for (int row = 0; matrix.DType == DType.F32 && row < matrix.Rows; row++)
        {
            TensorRef one = matrix.SliceRows(row, 1);
            float[] values = new float[one.ElementCount];
            backend.Download<float>(one, values);
            backend.Upload<float>(Array.ConvertAll(values, value => Round(value, precision)), one);
        }
    }
}
