using System;
using System.Buffers.Binary;

namespace Engine.PtxInterpreter;


/// <summary>The bytes of one kernel argument.</summary>
/// <param name="Bytes">As they lie in the parameter block.</param>
public readonly record struct KernelArgument(byte[] Bytes)
{
    /// <summary>A 32-bit integer.</summary>
    public static implicit operator KernelArgument(int value) => new(BitConverter.GetBytes(value));

    /// <summary>A 32-bit integer.</summary>
    public static implicit operator KernelArgument(uint value) => new(BitConverter.GetBytes(value));

    /// <summary>A 64-bit integer.</summary>
    public static implicit operator KernelArgument(long value) => new(BitConverter.GetBytes(value));

    /// <summary>A 64-bit integer or an address.</summary>
    public static implicit operator KernelArgument(ulong value) => new(BitConverter.GetBytes(value));

    /// <summary>A single-precision number.</summary>
    public static implicit operator KernelArgument(float value) => new(BitConverter.GetBytes(value));

    /// <summary>A pair of an address and a length in elements, as ILGPU passes an ArrayView.</summary>
    public static KernelArgument View(ulong address, long length)
    {
        byte[] bytes = new byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(ulong)), length);
        return new KernelArgument(bytes);
    }

    /// <summary>The parameter block of a kernel with these arguments.</summary>
    /// <exception cref="PtxException">Their number or sizes are not those of the kernel's parameters.</exception>
    public static byte[] Pack(CompiledKernel kernel, params KernelArgument[] arguments)
    {
        if (arguments.Length != kernel.Parameters.Count)
        {
            throw new PtxException($"{kernel.Name} takes {kernel.Parameters.Count} arguments, not {arguments.Length}");
        }

        byte[] block = new byte[kernel.ParameterBytes];
        for (int i = 0; i < arguments.Length; i++)
        {
            PtxVariable parameter = kernel.Parameters[i];
            if (arguments[i].Bytes.Length != parameter.Bytes)
            {
                throw new PtxException(
                    $"{kernel.Name}: argument {i}, {parameter.Name}, takes {parameter.Bytes} bytes, not {arguments[i].Bytes.Length}");
            }

            arguments[i].Bytes.CopyTo(block, kernel.ParameterOffsets[i]);
        }

        return block;
    }
}
