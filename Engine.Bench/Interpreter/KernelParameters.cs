using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Bench;

/// <summary>The parameter block of a compiled kernel: a structure's fields in order, naturally aligned, a view as address and
/// length.</summary>
internal static class KernelParameters
{
    private const int ViewBytes = 16;

    private static readonly MethodInfo ViewMethod =
        typeof(KernelParameters).GetMethod(nameof(View), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The block, and the memory its views cover.</summary>
    public static byte[] Pack(object args, out IReadOnlyList<(nint Address, long Bytes, string Name)> views)
    {
        List<byte> block = [];
        List<(nint, long, string)> covered = [];
        Append(args, args.GetType().Name, block, covered);
        Align(block, AlignmentOf(args.GetType()));
        views = covered;
        return [.. block];
    }

    private static void Append(object value, string name, List<byte> block, List<(nint, long, string)> views)
    {
        Type type = value.GetType();
        Align(block, AlignmentOf(type));
        if (IsView(type))
        {
            (nint address, long length, long bytes) = ((nint, long, long))ViewMethod
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value])!;
            views.Add((address, bytes, name));
            block.AddRange(BitConverter.GetBytes((long)address));
            block.AddRange(BitConverter.GetBytes(length));
        }
        else if (type.IsPrimitive)
        {
            block.AddRange(value switch
            {
                int number => BitConverter.GetBytes(number),
                uint number => BitConverter.GetBytes(number),
                long number => BitConverter.GetBytes(number),
                float number => BitConverter.GetBytes(number),
                double number => BitConverter.GetBytes(number),
                _ => throw new NotSupportedException($"{name}: kernels take int, uint, long, float and double, not {type.Name}."),
            });
        }
        else
        {
            foreach (FieldInfo field in Fields(type))
            {
                Append(field.GetValue(value)!, $"{name}.{field.Name}", block, views);
            }

            Align(block, AlignmentOf(type));
        }
    }

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(static field => field.MetadataToken);

    private static int AlignmentOf(Type type) => IsView(type) ? ViewBytes / 2
        : type.IsPrimitive ? Marshal.SizeOf(type)
        : Fields(type).Max(static field => AlignmentOf(field.FieldType));

    private static void Align(List<byte> block, int alignment)
    {
        while (block.Count % alignment != 0)
        {
            block.Add(0);
        }
    }

    private static (nint Address, long Length, long Bytes) View<T>(ArrayView<T> view)
        where T : unmanaged => (view.LoadEffectiveAddressAsPtr(), view.Length, view.LengthInBytes);
}
