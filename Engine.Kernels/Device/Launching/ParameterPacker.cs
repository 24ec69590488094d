using System;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Engine.Kernels.Device;

/// <summary>Writes the parameter block of a launch. The code for a structure of arguments is made once, so packing allocates
/// nothing.</summary>
/// <typeparam name="TArgs">Views and numbers.</typeparam>
internal static class ParameterPacker<TArgs>
    where TArgs : struct
{
    private delegate void Write(in TArgs args, ref byte block);

    /// <summary>Where what is.</summary>
    public static ParameterLayout Layout { get; } = ParameterLayout.Of(typeof(TArgs));

    private static Write Code { get; } = Compile(Layout);

    /// <summary>Writes a block; bytes between fields stay as they are.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="block">As many bytes as the layout has.</param>
    public static void Pack(in TArgs args, Span<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Length, Layout.SizeInBytes);
        Code(args, ref block[0]);
    }

    private static Write Compile(ParameterLayout layout)
    {
        ParameterExpression args = Expression.Parameter(typeof(TArgs).MakeByRefType(), "args");
        ParameterExpression block = Expression.Parameter(typeof(byte).MakeByRefType(), "block");
        return Expression.Lambda<Write>(
            Expression.Block(
            [
                .. layout.Views.Select(view => Call(nameof(WriteView), Field(args, view.Path), view.Offset, Element)),
                .. layout.Scalars.Select(scalar => Call(nameof(WriteNumber), Field(args, scalar.Path), scalar.Offset, static type => type)),
            ]),
            args,
            block).Compile();

        static Type Element(Type view) => view.GetGenericArguments()[0];

        static Expression Field(Expression structure, FieldInfo[] path) => path.Aggregate(structure, Expression.Field);

        Expression Call(string method, Expression value, int offset, Func<Type, Type> parameter) => Expression.Call(
            typeof(ParameterPacker<TArgs>)
                .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(parameter(value.Type)),
            block,
            Expression.Constant(offset),
            value);
    }

    private static void WriteView<T>(ref byte block, int offset, ArrayView<T> view)
        where T : unmanaged
    {
        WriteNumber(ref block, offset, (long)view.LoadEffectiveAddressAsPtr());
        WriteNumber(ref block, offset + sizeof(long), view.Length);
    }

    private static void WriteNumber<T>(ref byte block, int offset, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, offset), value);
}
