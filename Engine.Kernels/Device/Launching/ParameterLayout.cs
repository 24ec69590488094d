using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>The parameter block of a compiled kernel, as ILGPU lays it out in PTX: the argument structure's fields in order, naturally
/// aligned, a view as address and length.</summary>
internal sealed class ParameterLayout
{
    private const int ViewAlignment = 8;
    private const int ViewBytes = 16;

    private readonly List<ParameterScalar> _scalars = [];
    private readonly List<ParameterView> _views = [];

    private ParameterLayout(Type arguments) =>
        SizeInBytes = Align(Append(arguments, arguments.Name, [], 0), AlignmentOf(arguments));

    /// <summary>Size of the block.</summary>
    public int SizeInBytes { get; }

    /// <summary>The views in it.</summary>
    public IReadOnlyList<ParameterView> Views => _views;

    /// <summary>Everything else in it.</summary>
    public IReadOnlyList<ParameterScalar> Scalars => _scalars;

    /// <summary>The layout of a structure of arguments.</summary>
    /// <param name="arguments">Views, numbers, and structures of them.</param>
    /// <exception cref="NotSupportedException">A field is of a type that kernels do not take.</exception>
    public static ParameterLayout Of(Type arguments) => new(arguments);

    private int Append(Type type, string name, FieldInfo[] path, int offset)
    {
        offset = Align(offset, AlignmentOf(type));
        if (IsView(type))
        {
            _views.Add(new ParameterView(offset, Marshal.SizeOf(type.GetGenericArguments()[0]), name, path));
            return offset + ViewBytes;
        }

        if (type.IsPrimitive)
        {
            if (type != typeof(int) && type != typeof(uint) && type != typeof(long) && type != typeof(float) && type != typeof(double))
            {
                throw new NotSupportedException($"{name}: kernels take int, uint, long, float and double, not {type.Name}.");
            }

            _scalars.Add(new ParameterScalar(offset, path));
            return offset + Marshal.SizeOf(type);
        }

        foreach (FieldInfo field in Fields(type))
        {
            offset = Append(field.FieldType, $"{name}.{field.Name}", [.. path, field], offset);
        }

        return Align(offset, AlignmentOf(type));
    }

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(static field => field.MetadataToken);

    private static int AlignmentOf(Type type) => IsView(type) ? ViewAlignment
        : type.IsPrimitive ? Marshal.SizeOf(type)
        : Fields(type).Max(static field => AlignmentOf(field.FieldType));

    private static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
